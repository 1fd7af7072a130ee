//! A typed client of the Cekura API for choosing, launching, following and stopping test runs.

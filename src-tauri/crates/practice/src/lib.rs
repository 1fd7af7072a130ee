//! The practice studio: the Cekura API over loopback HTTP, seeded, with faults on request.

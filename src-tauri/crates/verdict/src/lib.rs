//! What a call, an evaluator and a result mean. Pure: no clock, no input, no output.

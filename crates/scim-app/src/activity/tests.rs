//! Tests of gathering.

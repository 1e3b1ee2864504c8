//! Tests of authentication.

//! Tests of wishes.

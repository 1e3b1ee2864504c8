//! The reports from the field that one request after another cannot show.

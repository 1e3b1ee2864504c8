use super::*;

const ONE: &str = "018f2b6a-7c1d-7abc-8def-0123456789ab";

#[test]
fn an_id_is_read_as_it_is_written() {
    let id = UserId::parse(ONE).unwrap();
    assert_eq!(id.to_string(), ONE);
    assert_eq!(UserId::new(id.uuid()), id);
}

#[test]
fn any_other_shape_names_nothing() {
    for text in [
        "",
        "1",
        "018F2B6A-7C1D-7ABC-8DEF-0123456789AB",
        "018f2b6a7c1d7abc8def0123456789ab",
        "{018f2b6a-7c1d-7abc-8def-0123456789ab}",
        "urn:uuid:018f2b6a-7c1d-7abc-8def-0123456789ab",
        "018f2b6a-7c1d-7abc-8def-0123456789ab ",
        "018f2b6a-7c1d-7abc-8def-0123456789a",
        "018f2b6a-7c1d-7abc-8def-0123456789ag",
        "018f2b6a7-c1d-7abc-8def-0123456789ab",
        "------------------------------------",
        "018f2b6a-7c1d-7abc-8def-0123456789\u{e4}",
    ] {
        assert_eq!(UserId::parse(text), None, "{text:?}");
        assert_eq!(GroupId::parse(text), None, "{text:?}");
    }
}

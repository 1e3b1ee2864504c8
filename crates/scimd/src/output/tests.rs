use super::{fields, table};

fn row(cells: [&str; 2]) -> [String; 2] {
    cells.map(str::to_owned)
}

#[test]
fn columns_are_as_wide_as_their_widest_cell() {
    let rows = [row(["admin", "Admin"]), row(["case-reviewer", "Prüfer"])];
    let shown = table("no roles", ["key", "name"], &rows);
    assert_eq!(shown, "KEY            NAME\nadmin          Admin\ncase-reviewer  Prüfer");
    assert_eq!(table::<2>("no roles", ["key", "name"], &[]), "no roles");
}

// U4
#[test]
fn a_name_is_shown_and_never_obeyed() {
    let rows = [row(["a\u{1b}[2Jb", "line\nbreak\r\0"])];
    let shown = table("", ["key", "name"], &rows);
    assert_eq!(shown.lines().count(), 2);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\r'), "{shown:?}");
    assert!(shown.contains("a\\u{1b}[2Jb"), "{shown:?}");
}

#[test]
fn fields_stand_below_each_other_and_a_missing_value_is_a_dash() {
    let shown = fields(&[("id", "7".to_owned()), ("description", String::new())]);
    assert_eq!(shown, "id:           7\ndescription:  -");
}

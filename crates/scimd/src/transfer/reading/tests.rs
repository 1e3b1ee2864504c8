use scim_domain::schema::Catalog;

use super::*;

fn all(format: Format, text: &[u8]) -> Vec<(u64, Result<Json, String>)> {
    let input = Box::new(std::io::Cursor::new(text.to_vec()));
    let mut lines = Lines::open(input, format, &Catalog::standard().user, 40).unwrap();
    let mut all = Vec::new();
    while let Some(line) = lines.next().unwrap() {
        all.push((line.number, line.read));
    }
    all
}

#[test]
fn a_line_of_json_that_is_none_or_too_long_is_told_and_passed_over() {
    let long = format!("{{\"userName\":\"{}\"}}", "a".repeat(100));
    let text = format!("\u{feff}{{\"userName\":\"a\"}}\r\n\n  \n{long}\n{{]\n{{\"title\":\"b\"}}");
    let read = all(Format::Jsonl, text.as_bytes());
    assert_eq!(read.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 4, 5, 6]);
    assert!(read[0].1.is_ok() && read[3].1.is_ok());
    assert!(read[1].1.as_ref().unwrap_err().contains("longer than 40"));
    assert!(read[2].1.as_ref().unwrap_err().contains("JSON"));
}

#[test]
fn a_row_of_another_length_or_encoding_is_told_and_passed_over() {
    let text = b"\xEF\xBB\xBFuserName,title\nann,\"a\nb\"\nbob\n\xff,x\ncid,c\n";
    let read = all(Format::Csv, text);
    assert_eq!(read.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2, 4, 5, 6]);
    assert_eq!(read[0].1.as_ref().unwrap().get("title"), Some(&Json::String("a\nb".into())));
    assert!(read[1].1.as_ref().unwrap_err().contains("1 cells"));
    assert!(read[2].1.as_ref().unwrap_err().contains("UTF-8"));
    assert!(read[3].1.is_ok());
}

#[test]
fn a_header_with_a_column_twice_is_refused() {
    let input = Box::new(std::io::Cursor::new(b"userName,USERNAME\n".to_vec()));
    let opened = Lines::open(input, Format::Csv, &Catalog::standard().user, 40);
    assert!(opened.is_err_and(|it| it.to_string().contains("twice")));
}

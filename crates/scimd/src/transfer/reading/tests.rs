use scim_domain::schema::Catalog;

use super::*;

fn all(format: Format, text: &[u8]) -> Vec<(u64, Result<Json, String>)> {
    let input = Box::new(io::Cursor::new(text.to_vec()));
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
    let input = Box::new(io::Cursor::new(b"userName,USERNAME\n".to_vec()));
    let opened = Lines::open(input, Format::Csv, &Catalog::standard().user, 40);
    assert!(opened.is_err_and(|it| it.to_string().contains("twice")));
}

/// What a reading of CSV tells before it ends with an error, and the error.
fn broken_off(text: &[u8]) -> (Vec<(u64, String)>, String) {
    let input = Box::new(io::Cursor::new(text.to_vec()));
    let mut lines = Lines::open(input, Format::Csv, &Catalog::standard().user, 100).unwrap();
    let mut told = Vec::new();
    loop {
        match lines.next() {
            Ok(Some(Line { number, read })) => told.push((number, read.err().unwrap_or_default())),
            Ok(None) => panic!("the reading did not break off: {told:?}"),
            Err(error) => return (told, error.to_string()),
        }
    }
}

#[test]
fn a_quote_that_is_not_closed_ends_the_reading_with_the_line_in_which_it_opened() {
    let before = "userName,title\nann,a\nbob,\"b\n";
    // In memory at once, and more than is ever in memory.
    for rows in [20, 1_000_000] {
        let text = format!("{before}{}", "cid,c\n".repeat(rows));
        let (told, error) = broken_off(text.as_bytes());
        assert_eq!(told, [(2, String::new())]);
        assert!(error.contains("line 3") && error.contains("longer than 100 bytes"), "{error}");
        assert!(error.contains("quote"), "{error}");
    }
    let header = format!("\"userName\n{}", "ann\n".repeat(50));
    let header = Box::new(io::Cursor::new(header.into_bytes()));
    let opened = Lines::open(header, Format::Csv, &Catalog::standard().user, 100);
    let error = opened.err().unwrap().to_string();
    assert!(error.contains("line 1") && error.contains("quote"), "{error}");
}

#[test]
fn a_short_file_with_a_quote_that_is_not_closed_says_so_too() {
    let read = all(Format::Csv, b"userName,title\nann,a\n\"bob,b\ncid,c\n");
    assert_eq!(read.len(), 2);
    let refused = read[1].1.as_ref().unwrap_err();
    assert!(refused.contains("1 cells") && refused.contains("3 lines long"), "{refused}");
}

#[test]
fn a_row_may_be_as_long_as_a_line_of_json() {
    // 40 bytes, with and without an end of their line.
    let (last, row) = (format!("{},t", "a".repeat(38)), format!("{},t\n", "a".repeat(37)));
    let read = all(Format::Csv, format!("userName,title\n{row}{last}").as_bytes());
    assert!(read.len() == 2 && read.iter().all(|(_, it)| it.is_ok()), "{read:?}");
}

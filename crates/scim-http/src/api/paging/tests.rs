use super::*;

fn paging(cursor: Option<String>) -> Paging {
    Paging { limit: None, cursor }
}

#[test]
fn a_page_leads_to_what_comes_after_its_last_item() {
    let all: Vec<_> = (1..=3).map(Uuid::from_u128).collect();
    let page = List::of(all.clone(), 2, |it| *it);
    assert_eq!(page.items, all[..2]);
    assert_eq!(paging(page.next_cursor).after().unwrap(), Some(all[1]));
    let last = List::of(all, 3, |it| *it);
    assert_eq!(last.next_cursor, None);
}

#[test]
fn a_cursor_that_nobody_gave_out_is_an_error() {
    for cursor in ["", "x", "AAAA", "!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(paging(Some(cursor.to_owned())).after().is_err(), "{cursor}");
    }
}

#[test]
fn the_limit_of_a_page_has_limits() {
    let limit = |limit| Paging { limit, cursor: None }.limit().ok();
    assert_eq!(limit(None), Some(100));
    assert_eq!(limit(Some(1)), Some(1));
    assert_eq!(limit(Some(1000)), Some(1000));
    assert_eq!(limit(Some(0)), None);
    assert_eq!(limit(Some(1001)), None);
}

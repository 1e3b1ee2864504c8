use super::*;

fn allowed(texts: &[&str]) -> AllowedAddresses {
    AllowedAddresses::parse(texts).unwrap()
}

fn admits(list: &AllowedAddresses, from: &str) -> bool {
    list.admit(Some(from.parse().unwrap()))
}

#[test]
fn an_empty_list_admits_everybody_and_any_other_only_whom_it_names() {
    assert!(allowed(&[]).admit(None));
    assert!(admits(&allowed(&[]), "192.0.2.1"));
    let list = allowed(&["192.0.2.0/24", "2001:db8::/48", "198.51.100.7"]);
    for inside in ["192.0.2.0", "192.0.2.255", "198.51.100.7", "2001:db8::1"] {
        assert!(admits(&list, inside), "{inside}");
    }
    for outside in ["192.0.3.0", "198.51.100.8", "2001:db9::1", "::1", "0.0.0.0"] {
        assert!(!admits(&list, outside), "{outside}");
    }
    assert!(!list.admit(None));
}

#[test]
fn an_ipv4_address_is_the_same_in_the_clothes_of_ipv6() {
    let list = allowed(&["::ffff:192.0.2.0/120", "203.0.113.9"]);
    assert_eq!(list.names(), ["192.0.2.0/24", "203.0.113.9/32"]);
    assert!(admits(&list, "192.0.2.7"));
    assert!(admits(&list, "::ffff:192.0.2.7"));
    assert!(admits(&list, "::ffff:203.0.113.9"));
}

#[test]
fn ranges_are_ordered_cut_to_their_prefix_and_each_there_once() {
    let list = allowed(&[" 192.0.2.77/24 ", "10.0.0.0/8", "192.0.2.0/24"]);
    assert_eq!(list.names(), ["10.0.0.0/8", "192.0.2.0/24"]);
    assert_eq!(AllowedAddresses::parse(&list.names()).unwrap(), list);
}

#[test]
fn a_whole_family_can_be_allowed() {
    assert!(admits(&allowed(&["0.0.0.0/0"]), "8.8.8.8"));
    assert!(!admits(&allowed(&["0.0.0.0/0"]), "2001:db8::1"));
    assert!(admits(&allowed(&["::/0"]), "2001:db8::1"));
}

#[test]
fn what_is_no_range_is_refused_by_its_number() {
    for wrong in ["", "192.0.2.0/33", "192.0.2", "example.com", "192.0.2.0/-1", "::/129"] {
        let refused = AllowedAddresses::parse(&["192.0.2.1", wrong]).unwrap_err();
        assert!(refused.detail.contains("number 2 of the list"), "{wrong}: {refused}");
    }
    let many = vec!["192.0.2.1"; 101];
    assert!(AllowedAddresses::parse(&many).unwrap_err().detail.contains("at most 100"));
}

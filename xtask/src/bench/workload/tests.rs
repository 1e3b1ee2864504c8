use std::collections::HashSet;

use super::Workload;

#[test]
fn every_create_is_of_another_user() {
    let work = Workload::create("k");
    let requests: HashSet<Vec<u8>> = (0..1000).map(|number| work.request(number)).collect();
    assert_eq!(requests.len(), 1000);
}

#[test]
fn looking_up_by_id_comes_to_everybody() {
    let ids: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let work = Workload::by_id("k", ids);
    let requests: HashSet<Vec<u8>> = (0..100).map(|number| work.request(number)).collect();
    assert_eq!(requests.len(), 100);
}

#[test]
fn a_post_says_how_long_it_is() {
    let request = String::from_utf8(Workload::create("k").request(1)).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", body.len())));
    assert!(head.contains("Authorization: Bearer k"));
}

//! What a backend asks at sign-in, beside an identity provider that pushes.

use serde_json::{Value, json};

use crate::administration::Acme;
use crate::http::{Answer, Request};

struct Backend {
    acme: Acme,
    token: String,
}

impl Backend {
    fn of(acme: Acme) -> Self {
        acme.ask(&["api-key", "permit"], &["--id", &acme.key, "--permission", "scim"]);
        let made =
            acme.ask(&["api-key", "create"], &["--name", "Backend", "--permission", "access.read"]);
        Self { token: made["token"].as_str().unwrap().to_owned(), acme }
    }

    fn asks(&self, query: &str, etag: &str) -> Answer {
        let path = format!("/api/v1/organizations/{}/access?{query}", self.acme.organization);
        let request = Request::get(path).key(&self.token).with("If-None-Match", etag);
        self.acme.instance.send(&request)
    }

    fn access(&self, query: &str) -> Value {
        let answer = self.asks(query, "");
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

#[test]
fn what_is_pushed_over_scim_is_access_at_once() {
    let backend = Backend::of(Acme::on("growth"));
    let acme = &backend.acme;
    let user = json!({ "userName": "Jane@acme.example", "externalId": "00u1", "active": true });
    let jane = acme.create("/scim/v2/Users", &user);
    assert_eq!(backend.access("nameId=jane@acme.example")["roles"], json!([]));

    let group = json!({ "displayName": "Reviewers", "members": [{ "value": jane }] });
    let pushed = acme.instance.send(&Request::post("/scim/v2/Groups", &group).key(&acme.token));
    assert_eq!(pushed.status, 201, "{pushed:?}");
    let group = pushed.json()["id"].as_str().unwrap().to_owned();
    acme.ask(&["group", "map"], &["--group", &group, "--role", "analyst"]);
    let answer = backend.asks("nameId=jane@acme.example", "");
    let access = answer.json();
    assert_eq!((&access["status"], &access["roles"]), (&json!("active"), &json!(["analyst"])));
    let through = &access["through"][0];
    assert_eq!((&through["group"], &through["groupName"]), (&json!(group), &json!("Reviewers")));
    let request = pushed.header("x-request-id").unwrap();
    assert_eq!(through["membership"]["request"], request, "the push, as the activity knows it");
    let entries = acme.ask(&["audit", "list"], &[]);
    let known = entries.as_array().unwrap().iter().any(|it| it["requestId"] == request);
    assert!(known, "and the audit log: {entries}");

    let etag = answer.header("etag").unwrap();
    assert_eq!(backend.asks("nameId=JANE@acme.example", etag).status, 304);
    for how in [["--id", &jane], ["--external-id", "00u1"], ["--name-id", "jane@acme.example"]] {
        assert_eq!(acme.ask(&["access", "show"], &how), access, "the command line says the same");
    }
    let several = ["--user-name", "nobody", "--user-name", "JANE@acme.example", "--id", &jane];
    let listed = acme.ask(&["access", "list"], &several);
    let statuses: Vec<_> = (0..3).map(|at| listed[at]["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["unknown", "active", "active"], "{listed}");
    assert_eq!(
        (&listed[1]["roles"], &listed[1]["asked"]),
        (&json!(["analyst"]), &json!("JANE@acme.example"))
    );
    acme.ask(&["organization", "set-name-id-attribute"], &["externalId"]);
    assert_eq!(backend.access("nameId=00u1"), access);
    assert_eq!(backend.asks("nameId=jane@acme.example", "").status, 404);

    let path = format!("/scim/v2/Users/{jane}");
    let gone = acme.instance.send(&Request::delete(path).key(&acme.token));
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(backend.asks("nameId=00u1", etag).status, 200, "not as it was");
    let access = backend.access("userName=jane@acme.example");
    assert_eq!((&access["status"], &access["active"]), (&json!("deprovisioned"), &json!(false)));
    assert_eq!((&access["user"], &access["roles"]), (&json!(jane), &json!([])));
    assert_eq!(access["deleted"]["request"], gone.header("x-request-id").unwrap());
    assert_eq!(acme.ask(&["access", "show"], &["--external-id", "00u1"]), access);
    let refused = acme.refused(&["access", "show"], &["--user-name", "nobody"]);
    assert!(refused.contains("No user nobody exists."), "{refused}");
}

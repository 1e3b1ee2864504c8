//! What was made is remembered, and deleted again.

use serde_json::Value;

use super::World;
use crate::answer::Answer;
use crate::client::{Call, encoded};

impl World<'_> {
    /// Deletes what this check made.
    pub(crate) fn clean(&mut self) {
        let mine = self.made.split_off(self.kept.min(self.made.len()));
        let left = self.delete_all(mine);
        self.made.extend(left);
    }

    /// Deletes all that is left, lists what begins with the tag to find what was made without an
    /// answer, and gives the paths of what could not be deleted.
    pub(crate) fn finish(&mut self) -> Vec<String> {
        let made = std::mem::take(&mut self.made);
        let mut left = self.delete_all(made);
        for (path, attribute) in [("/Groups", "displayName"), ("/Users", "userName")] {
            let filter = format!("{attribute} sw \"{}\"", self.tag);
            let Ok(answer) = self.list(path, &[("filter", &filter)]) else { continue };
            // A server may have ignored the filter: what is not ours by its name is left alone.
            let ours = answer.json["Resources"].as_array().into_iter().flatten();
            let ours = ours.filter(|it| it[attribute].as_str().is_some_and(|it| self.is_ours(it)));
            let ids = ours.filter_map(|it| it["id"].as_str());
            let paths: Vec<_> = ids.filter_map(|id| resource_path(path, id)).collect();
            let lost: Vec<_> = paths.into_iter().filter(|it| !left.contains(it)).collect();
            self.delete_all(lost.clone());
            // Whoever still lists what it said to have deleted is not believed a second time.
            left.extend(lost.into_iter().filter(|path| self.is_there(path)));
        }
        left
    }

    /// The last made goes first: groups go before their members.
    fn delete_all(&self, mut paths: Vec<String>) -> Vec<String> {
        paths.reverse();
        let gone = |path: &str| match self.client.send(&Call::new("DELETE", path)) {
            Ok(answer) => matches!(answer.status, 200 | 204 | 404),
            Err(_) => false,
        };
        paths.retain(|path| !gone(path));
        paths.reverse();
        paths
    }

    fn is_there(&self, path: &str) -> bool {
        let answer = self.client.send(&Call::new("GET", path));
        answer.is_ok_and(|answer| answer.status == 200)
    }

    fn is_ours(&self, name: &str) -> bool {
        name.to_lowercase().starts_with(&self.tag)
    }

    /// A resource that came to be, unless its name says that it is somebody else's.
    pub(super) fn remember(&mut self, answer: &Answer) {
        if !matches!(answer.status, 200 | 201) {
            return;
        }
        let location = answer.header("location").or(answer.json["meta"]["location"].as_str());
        let named = ["userName", "displayName"].iter().find_map(|it| answer.json[*it].as_str());
        let collection = match (&answer.json["userName"], &answer.json["displayName"]) {
            (Value::String(_), _) => Some("/Users"),
            (_, Value::String(_)) => Some("/Groups"),
            _ => None,
        };
        if named.is_some_and(|name| !self.is_ours(name)) {
            return;
        }
        let path = match (collection, answer.json["id"].as_str()) {
            (Some(collection), Some(id)) => resource_path(collection, id),
            _ => location.and_then(|it| self.client.below(it)).and_then(located),
        };
        if let Some(path) = path.filter(|path| !self.made.contains(path)) {
            self.made.push(path);
        }
    }
}

/// The path of one resource. None where the id would make it the path of anything more: what is
/// built here is deleted later.
fn resource_path(collection: &str, id: &str) -> Option<String> {
    let one = !matches!(id, "" | "." | "..");
    one.then(|| format!("{collection}/{}", encoded(id)))
}

/// The path of one resource, as a location gives it below the base.
fn located(below: &str) -> Option<String> {
    let (collection, id) = below.rsplit_once('/')?;
    let known = matches!(collection, "/Users" | "/Groups") && !id.contains(['?', '#', '%']);
    if known { resource_path(collection, id) } else { None }
}

#[cfg(test)]
mod tests;

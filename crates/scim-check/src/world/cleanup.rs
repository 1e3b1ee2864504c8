//! What was made is remembered, and deleted again.

use serde_json::Value;

use super::{MARK, World};
use crate::answer::Answer;
use crate::check::{Stop, Verdict};
use crate::client::{Call, Client, Error, encoded};
use crate::run::Leftovers;

/// Where resources are made, and the attribute that names them. Groups go before their members.
const PLACES: [(&str, &str); 2] = [("/Groups", "displayName"), ("/Users", "userName")];

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
        for (path, attribute) in PLACES {
            let filter = format!("{attribute} sw \"{}\"", self.tag);
            let tag = self.tag.clone();
            let is_ours = |name: &str| begins_with(name, &tag);
            // Where the filter is not offered, what is remembered is all that is known.
            let Ok(found) = self.ours(path, attribute, Some(&filter), is_ours) else { continue };
            let lost: Vec<_> = found.into_iter().filter(|it| !left.contains(it)).collect();
            left.extend(self.delete_for_good(lost));
        }
        left
    }

    /// The paths of those that a list holds and that are ours by their name: a server may have
    /// ignored the filter.
    fn ours(
        &mut self,
        path: &str,
        attribute: &str,
        filter: Option<&str>,
        is_ours: impl Fn(&str) -> bool,
    ) -> Verdict<Vec<String>> {
        let parameters: Vec<_> = filter.map(|filter| ("filter", filter)).into_iter().collect();
        let listed = self.walk(path, &parameters)?;
        let ours = listed.iter().filter(|it| it[attribute].as_str().is_some_and(&is_ours));
        let ids = ours.filter_map(|it| it["id"].as_str());
        Ok(ids.filter_map(|id| resource_path(path, id)).collect())
    }

    /// Deletes, and gives those that are still there: whoever lists what it said to have deleted
    /// is not believed a second time.
    fn delete_for_good(&self, paths: Vec<String>) -> Vec<String> {
        self.delete_all(paths.clone());
        paths.into_iter().filter(|path| self.is_there(path)).collect()
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
        begins_with(name, &self.tag)
    }

    /// Takes over a resource that came to be in a bulk request, if its name is ours.
    pub(crate) fn adopt(&mut self, path: &str) -> Verdict<Answer> {
        let answer = self.get(path)?.status(&[200])?;
        self.remember(&answer);
        Ok(answer)
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

/// What [`crate::clean_up`] does.
pub(crate) fn delete_leftovers(client: &Client) -> Result<Leftovers, Error> {
    let mut world = World::new(client)?;
    let mut leftovers = Leftovers::default();
    for (path, attribute) in PLACES {
        let filter = format!("{attribute} sw \"{MARK}\"");
        let found = world.ours(path, attribute, Some(&filter), is_leftover);
        // Without the filter everybody is looked at.
        let found = found.or_else(|_| world.ours(path, attribute, None, is_leftover));
        let found = match (found, path) {
            (Ok(found), _) => found,
            // A server may have no groups.
            (Err(_), "/Groups") => continue,
            (Err(Stop::Failed(why) | Stop::Skipped(why) | Stop::Unanswered(why)), _) => {
                return Err(Error::NoList(why));
            }
        };
        let left = world.delete_for_good(found.clone());
        leftovers.deleted.extend(found.into_iter().filter(|path| !left.contains(path)));
        leftovers.left.extend(left);
    }
    Ok(leftovers)
}

fn begins_with(name: &str, tag: &str) -> bool {
    name.to_lowercase().starts_with(tag)
}

/// Whether a run, whichever, gave this name: the mark, 16 hexadecimal digits and a hyphen.
fn is_leftover(name: &str) -> bool {
    let name = name.to_lowercase();
    let Some((digits, _)) = name.strip_prefix(MARK).and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
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

//! Keeps the load generator off the service's cores, so that the flood takes nothing from whoever it
//! floods: the last core is the generator's, the others are the service's.

use std::process::Command;

use crate::shell;

/// As long as this lives, on Linux with util-linux and more than one core.
#[derive(Debug)]
pub struct Apart {
    /// The thread that generates, or starts those that do.
    thread: String,
    all: Vec<u32>,
}

impl Apart {
    /// Puts the threads of the service on their cores and this thread on its own; none where that
    /// cannot be done.
    pub fn keep(service: u32) -> Option<Self> {
        let here = Self::here()?;
        let (last, others) = here.all.split_last()?;
        let (last, others, service) = (last.to_string(), list(others), service.to_string());
        if !put(&["-a", "-c", "-p", &others, &service]) {
            return None;
        }
        put(&["-c", "-p", &last, &here.thread]).then_some(here)
    }

    /// Puts this thread on the service's cores, so that a service which it starts counts these alone;
    /// none where that cannot be done.
    pub fn with_the_service() -> Option<Self> {
        let here = Self::here()?;
        let others = list(here.all.split_last()?.1);
        put(&["-c", "-p", &others, &here.thread]).then_some(here)
    }

    /// This thread and its cores, if there are several.
    fn here() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/thread-self/status").ok()?;
        let all = cores(field(&status, "Cpus_allowed_list:")?)?;
        let thread = field(&status, "Pid:")?.to_owned();
        (all.len() > 1).then_some(Self { thread, all })
    }
}

impl Drop for Apart {
    fn drop(&mut self) {
        // Where it was put on one core, it can be put on all.
        put(&["-c", "-p", &list(&self.all), &self.thread]);
    }
}

fn put(words: &[&str]) -> bool {
    shell::succeeds(Command::new("taskset").args(words))
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// The numbers in `0-2,4`.
fn cores(ranges: &str) -> Option<Vec<u32>> {
    let mut all = Vec::new();
    for range in ranges.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        all.extend(first.parse::<u32>().ok()?..=last.parse::<u32>().ok()?);
    }
    Some(all)
}

fn list(cores: &[u32]) -> String {
    cores.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::{Apart, cores, field, list};

    #[test]
    fn cores_are_listed_in_ranges() {
        assert_eq!(cores("0-2,4"), Some(vec![0, 1, 2, 4]));
        assert_eq!(cores("7"), Some(vec![7]));
        assert_eq!(cores("0-"), None);
        assert_eq!(list(&[0, 1, 4]), "0,1,4");
    }

    #[test]
    fn a_thread_gets_its_cores_back() {
        let allowed = || {
            let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
            cores(field(&status, "Cpus_allowed_list:").unwrap()).unwrap()
        };
        let before = allowed();
        // A process that is not there has no cores.
        assert!(Apart::keep(u32::MAX).is_none());
        let mut service = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let apart = Apart::keep(service.id());
        // With one core, or without util-linux, there is nothing to keep apart.
        if apart.is_some() {
            assert_eq!(allowed(), before[before.len() - 1..]);
        }
        drop(apart);
        assert_eq!(allowed(), before);
        let with = Apart::with_the_service();
        if with.is_some() {
            assert_eq!(allowed(), before[..before.len() - 1]);
        }
        drop(with);
        assert_eq!(allowed(), before);
        service.kill().unwrap();
        service.wait().unwrap();
    }
}

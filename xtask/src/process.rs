//! What a process takes of the machine: memory, and time of its cores.

use std::time::Duration;

/// The unit in which `/proc` counts time, the same for every program on Linux (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// Resident memory in bytes, where it can be read.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Right now.
    pub now: Option<u64>,
    /// At most, since the process began.
    pub peak: Option<u64>,
}

impl Memory {
    /// Of a process; known where there is a `/proc`.
    pub fn of(process: u32) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        Self { now: field(&status, "VmRSS:"), peak: field(&status, "VmHWM:") }
    }
}

/// The time of cores that a process has used, itself and for its system calls; known where there is a
/// `/proc`.
pub fn busy(process: u32) -> Option<Duration> {
    ticks(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?).map(|all| TICK * all)
}

/// The fields 14 and 15. The second one, in brackets, may hold anything.
fn ticks(stat: &str) -> Option<u32> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u32>().ok();
    Some(next()? + next()?)
}

/// The time of cores that everything on the machine has used.
pub fn all_busy() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    all_ticks(stat.lines().next()?).map(|all| TICK * all)
}

/// Of what the cores did, all but the fields for doing nothing, and for waiting for a disk.
fn all_ticks(line: &str) -> Option<u32> {
    let fields = line.strip_prefix("cpu ")?.split_whitespace().take(8).enumerate();
    let busy = fields.filter(|(place, _)| !matches!(place, 3 | 4));
    busy.map(|(_, ticks)| ticks.parse::<u32>().ok()).sum()
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// Bytes as a person reads them.
pub fn mebibytes(bytes: u64) -> String {
    format!("{}.{} MiB", bytes >> 20, ((bytes & 0xF_FFFF) * 10) >> 20)
}

#[cfg(test)]
mod tests {
    use super::{all_busy, all_ticks, busy, field, mebibytes, ticks};

    #[test]
    fn memory_is_shown_in_mebibytes() {
        assert_eq!(mebibytes(14 * 1024 * 1024 + 512 * 1024), "14.5 MiB");
    }

    #[test]
    fn the_kernel_counts_in_kibibytes() {
        assert_eq!(field("Name:\tx\nVmRSS:\t    2048 kB\n", "VmRSS:"), Some(2 * 1024 * 1024));
        assert_eq!(field("Name:\tx\n", "VmHWM:"), None);
    }
    #[test]
    fn time_is_counted_behind_a_name_of_any_kind() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194560 100 0 3 0 17 5 0 0 20 0 1 0 1000 1 2";
        assert_eq!(ticks(stat), Some(22));
        assert_eq!(ticks("42 (a"), None);
        assert!(busy(std::process::id()).is_some());
    }

    #[test]
    fn doing_nothing_is_no_work() {
        assert_eq!(all_ticks("cpu  1 2 4 1000 1000 8 16 32 64 128"), Some(63));
        assert_eq!(all_ticks("cpu0 1 2 4 1000 1000 8 16 32"), None);
        assert!(all_busy() >= busy(std::process::id()));
    }
}

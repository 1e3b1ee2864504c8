//! What a process holds of the machine's memory.

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
    use super::{field, mebibytes};

    #[test]
    fn memory_is_shown_in_mebibytes() {
        assert_eq!(mebibytes(14 * 1024 * 1024 + 512 * 1024), "14.5 MiB");
    }

    #[test]
    fn the_kernel_counts_in_kibibytes() {
        assert_eq!(field("Name:\tx\nVmRSS:\t    2048 kB\n", "VmRSS:"), Some(2 * 1024 * 1024));
        assert_eq!(field("Name:\tx\n", "VmHWM:"), None);
    }
}

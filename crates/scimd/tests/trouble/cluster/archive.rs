//! A server whose log is archived, and which can go back to a moment with it.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use super::{Cluster, give};

impl Cluster {
    /// Which archives its log.
    pub fn start_archiving() -> Self {
        let mut cluster = Self::make();
        let archive = cluster.path("archive");
        fs::create_dir(&archive).unwrap();
        give(&archive);
        let copy = format!("archive_command=cp %p {}/%f", archive.display());
        cluster.settings = vec!["archive_mode=on".to_owned(), copy];
        cluster.restart();
        cluster
    }

    /// Is lost, and goes on with a copy of its data that the archive has brought to a moment.
    pub fn recover(&mut self, copy: &'static str, moment: &str) {
        self.kill();
        self.data = copy;
        let archive = self.path("archive");
        let settings = self.data().join("postgresql.auto.conf");
        let mut settings = OpenOptions::new().append(true).open(settings).unwrap();
        writeln!(settings, "restore_command = 'cp {}/%f %p'", archive.display()).unwrap();
        writeln!(settings, "recovery_target_time = '{moment}'").unwrap();
        writeln!(settings, "recovery_target_action = 'promote'").unwrap();
        let signal = self.data().join("recovery.signal");
        fs::write(&signal, "").unwrap();
        give(&signal);
        self.restart();
    }
}

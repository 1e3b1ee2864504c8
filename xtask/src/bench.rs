//! `cargo xtask bench`: requests per second over SQLite, beside a bare actix handler.
//!
//! A number of one machine says little, so every target is measured in turn, round after round, with
//! the bare handler among them, and shown as a ratio to it. The load generator runs on the same
//! cores as what it loads; that is the same for all targets.

mod report;
mod workload;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;

use crate::fill::people::{self, Entrance};
use crate::load::Load;
use crate::load::request::Door;
use crate::population::Population;
use crate::scimd::{Scimd, text};
use crate::service::{Database, Service, free_address};
use crate::shell;
use crate::ui::Ui;
use report::{Memory, Report, Series};
use workload::{Kind, Workload};

/// How long and how much.
#[derive(Args, Debug)]
pub struct Options {
    /// Print one JSON value instead of the table
    #[arg(long)]
    json: bool,
    /// How many connections send one request after the other
    #[arg(long, default_value_t = 16, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    connections: u16,
    /// How many times each target is measured; the median counts
    #[arg(long, default_value_t = 5, value_name = "NUMBER",
          value_parser = clap::value_parser!(u16).range(1..=100))]
    rounds: u16,
    /// How long each measurement takes
    #[arg(long, default_value_t = 2, value_name = "SECONDS",
          value_parser = clap::value_parser!(u16).range(1..=600))]
    seconds: u16,
    /// How many users there are before the first measurement
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER",
          value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    users: u32,
}

/// Builds with optimisation, fills a fresh database and measures.
///
/// # Errors
/// When a build fails, or a single answer is not a success.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    if shell::again_with_optimisation()? {
        return Ok(());
    }
    let ui = if options.json { Ui::silent() } else { ui };
    let scimd = shell::build(&shell::MEASURED, "scimd")?;
    let bare = Bare::start(&shell::build(&shell::MEASURED, "bare")?)?;
    let service = Service::start(&scimd, Database::Own)?;
    let idle = resident(service.process_id());
    let keys = Keys::create(service.scimd())?;
    let report = measure(ui, options, &bare, &service, &keys, idle)?;
    service.stop()?;
    if options.json {
        // Not through `ui`, which is silent so that this is all there is.
        println(&report.json().to_string());
    } else {
        report.print(ui);
    }
    Ok(())
}

fn measure(
    ui: Ui,
    options: &Options,
    bare: &Bare,
    service: &Service,
    keys: &Keys,
    idle: Option<u64>,
) -> Result<Report> {
    let connections = usize::from(options.connections);
    let load = |address, workload: Workload| {
        let work = Arc::new(move |number| workload.request(number));
        Load { address, connections, work }
    };
    let address = service.address();
    let entrance = Entrance { address, door: Door::with(&keys.scim), ui };
    let population = Population::new(1)?;
    let begun = Instant::now();
    let ids = people::create(&entrance, &population, 0, options.users)?;
    let filling = f64::from(options.users) / begun.elapsed().as_secs_f64();
    let scim =
        |kind| Workload { kind, door: entrance.door.clone(), population: population.clone() };
    let backend = |kind| Workload { door: Door::with(&keys.access), ..scim(kind) };
    let users = u64::from(options.users);
    let mut targets = [
        Series::new("bare actix handler", load(bare.address, scim(Kind::Bare))),
        Series::new("GET /Users/{id}", load(address, scim(Kind::ById(ids.into())))),
        Series::new("GET /Users?filter=userName eq", load(address, scim(Kind::ByName(users)))),
        Series::new(
            "GET …/access?userName=",
            load(address, backend(Kind::Access(keys.organization.clone(), users))),
        ),
        Series::new("POST /Users", load(address, scim(Kind::Create))),
    ];
    let length = Duration::from_secs(u64::from(options.seconds));
    for round in 1..=options.rounds {
        ui.line(&format!("round {round} of {} …", options.rounds));
        for target in &mut targets {
            target.measure(length)?;
        }
    }
    let memory = Memory { idle, loaded: resident(service.process_id()) };
    Ok(Report::new(options, targets.into(), filling, memory))
}

/// An organization on Growth, with a key for SCIM and one for its backend.
struct Keys {
    organization: String,
    scim: String,
    access: String,
}

impl Keys {
    fn create(scimd: &Scimd) -> Result<Self> {
        let made = scimd.ask(&["organization", "create", "--name", "Load", "--plan", "growth"])?;
        let organization = text(&made, "id")?;
        let key = |permission| {
            let words =
                ["--organization", &organization, "--name", "Load", "--permission", permission];
            text(&scimd.ask(&[&["api-key", "create"], words.as_slice()].concat())?, "token")
        };
        let (scim, access) = (key("scim")?, key("access.read")?);
        Ok(Self { organization, scim, access })
    }
}

/// The memory a process holds, in bytes; known where there is a `/proc`.
fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

fn println(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The running bare handler; dropping it ends the process.
struct Bare {
    child: Child,
    address: SocketAddr,
}

impl Bare {
    fn start(binary: &Path) -> Result<Self> {
        let address = free_address()?;
        let child = Command::new(binary)
            .arg(address.to_string())
            .stdin(Stdio::null())
            .spawn()
            .context("could not start the bare handler")?;
        let mut bare = Self { child, address };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            ensure!(bare.child.try_wait()?.is_none(), "the bare handler ended at once");
            if std::net::TcpStream::connect(address).is_ok() {
                return Ok(bare);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the bare handler did not listen in 10 s")
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

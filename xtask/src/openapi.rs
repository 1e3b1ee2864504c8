//! `cargo xtask openapi`: what others will do with the description of the management API, done to a
//! service of its own. Two linters read it, a generator makes a Python client of it which is then
//! used, and schemathesis looks for answers that are not described.
//!
//! The tools come from npm and `PyPI`. They are looked for in the path and in `target/openapi-tools`,
//! where `--install` puts them; a tool that is missing fails the task.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::scimd::text;
use crate::service::{Database, Service};
use crate::shell;
use crate::ui::{Tone, Ui};

const NPM: &[&str] = &["@redocly/cli@2"];
const PYPI: &[&str] =
    &["openapi-spec-validator~=0.9", "openapi-python-client~=0.29", "schemathesis~=4.32"];
/// The organization whose keys reach all others.
const OPERATOR: &str = "00000000-0000-0000-0000-000000000000";
/// What uses the generated client.
const CLIENT: &str = include_str!("openapi/client.py");
/// What an answer must not be. What a request must not be is the tests' business.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

/// How long to look.
#[derive(Args, Debug)]
pub struct Options {
    /// Install the tools into target/openapi-tools first (npm and pip)
    #[arg(long)]
    install: bool,
    /// How many requests schemathesis makes of each operation, about
    #[arg(long, default_value_t = 30, value_name = "NUMBER")]
    examples: u32,
}

/// Lints the document, generates a client and uses it, and looks for undescribed answers.
///
/// # Errors
/// When a tool is missing, or finds something.
pub fn run(ui: Ui, options: &Options) -> Result<()> {
    let tools = Tools::new()?;
    if options.install {
        tools.install()?;
    }
    let tools = tools.complete()?;
    let binary = shell::build(&["--bin", "scimd"], "scimd")?;
    let service = Service::start(&binary, Database::Own)?;
    let work = tempfile::Builder::new().prefix("scimd-openapi-").tempdir()?;
    let done = Checking { ui, tools: &tools, service: &service, work: work.path() }.all(options);
    if done.is_err() {
        ui.line(&format!("\nthe service's last words:\n{}", service.last_words()));
    }
    done?;
    service.stop()
}

/// Where the tools are.
struct Tools {
    folder: PathBuf,
}

impl Tools {
    fn new() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no workspace")?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target = target.unwrap_or_else(|| root.join("target"));
        Ok(Self { folder: target.join("openapi-tools") })
    }

    fn install(&self) -> Result<()> {
        let folder = &self.folder;
        std::fs::create_dir_all(folder)?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-fund", "--no-audit", "--prefix"]).arg(folder).args(NPM);
        shell::run(&mut npm)?;
        shell::run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("python")))?;
        let pip = folder.join("python/bin/pip");
        shell::run(Command::new(pip).args(["install", "--quiet"]).args(PYPI))
    }

    /// A tool by its name: from the folder, else from the path. What it runs itself is looked for
    /// in the same places.
    fn command(&self, name: &str) -> Command {
        let places = ["python/bin", "node_modules/.bin"].map(|it| self.folder.join(it));
        let found = places.iter().map(|it| it.join(name)).find(|it| it.exists());
        let mut command = found.map_or_else(|| Command::new(name), Command::new);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let all = places.into_iter().chain(std::env::split_paths(&path));
        if let Ok(path) = std::env::join_paths(all) {
            command.env("PATH", path);
        }
        command
    }

    fn complete(self) -> Result<Self> {
        let needed = ["redocly", "openapi-spec-validator", "openapi-python-client", "schemathesis"];
        let is_missing = |name: &&str| !shell::succeeds(self.command(name).arg("--help"));
        let missing: Vec<_> = needed.into_iter().filter(is_missing).collect();
        if missing.is_empty() {
            return Ok(self);
        }
        bail!(
            "{} not found. `cargo xtask openapi --install` fetches {} from npm and {} from PyPI; \
             it needs node, npm and python3",
            missing.join(", "),
            NPM.join(" "),
            PYPI.join(" "),
        )
    }
}

struct Checking<'a> {
    ui: Ui,
    tools: &'a Tools,
    service: &'a Service,
    work: &'a Path,
}

impl Checking<'_> {
    fn all(&self, options: &Options) -> Result<()> {
        let document = self.work.join("openapi.json");
        std::fs::write(&document, self.document()?)?;
        self.stage("linting the document", || self.lint(&document))?;
        let key = self.key()?;
        self.stage("generating a client and using it", || self.client(&document, &key))?;
        self.stage("looking for answers that are not described", || self.look(&key, options))
    }

    fn base(&self) -> String {
        format!("http://{}/api/v1", self.service.address())
    }

    fn document(&self) -> Result<String> {
        let address = format!("{}/openapi.json", self.base());
        Ok(ureq::get(&address).call()?.body_mut().read_to_string()?)
    }

    /// An operator key with every permission that one can have.
    fn key(&self) -> Result<String> {
        let document: Value = serde_json::from_str(&self.document()?)?;
        let mut words = vec!["api-key", "create", "--organization", OPERATOR, "--name", "Tools"];
        let permissions = permissions(&document);
        for it in &permissions {
            words.extend(["--permission", it]);
        }
        text(&self.service.scimd().ask(&words)?, "token")
    }

    fn lint(&self, document: &Path) -> Result<()> {
        let rules = self.work.join("redocly.yaml");
        std::fs::write(&rules, include_str!("openapi/redocly.yaml"))?;
        let mut redocly = self.tools.command("redocly");
        redocly.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        shell::run(redocly.arg("lint").arg("--config").arg(&rules).arg(document))?;
        shell::run(self.tools.command("openapi-spec-validator").arg(document))
    }

    fn client(&self, document: &Path, key: &str) -> Result<()> {
        let mut generator = self.tools.command("openapi-python-client");
        generator.args(["generate", "--meta", "none", "--overwrite", "--fail-on-warning"]);
        generator.arg("--path").arg(document).arg("--output-path").arg(self.work.join("client"));
        shell::run(generator.current_dir(self.work))?;
        let program = self.work.join("use.py");
        std::fs::write(&program, CLIENT)?;
        let mut python = self.tools.command("python");
        shell::run(python.arg(&program).env("BASE", self.base()).env("KEY", key))
    }

    fn look(&self, key: &str, options: &Options) -> Result<()> {
        let base = self.base();
        let mut schemathesis = self.tools.command("schemathesis");
        schemathesis.current_dir(self.work).arg("run").arg(format!("{base}/openapi.json"));
        schemathesis.args(["--url", &base, "--checks", CHECKS, "--seed", "1", "--no-color"]);
        schemathesis.args(["--continue-on-failure", "--warnings", "off"]);
        schemathesis.args(["--max-examples", &options.examples.to_string()]);
        schemathesis.args(["--header", &format!("Authorization: Bearer {key}")]);
        // The command line holds the key of a service that ends with this task.
        if shell::succeeds_aloud(&mut schemathesis)? {
            return Ok(());
        }
        bail!("schemathesis found what is not described, see above")
    }

    fn stage(&self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.ui.heading(&format!("━━ {name}"));
        work().with_context(|| name.to_owned())?;
        self.ui.line(&self.ui.paint(Tone::Good, &format!("{name}: done")));
        Ok(())
    }
}

/// Every permission that an operation of the document asks for.
fn permissions(document: &Value) -> Vec<String> {
    let operations = document["paths"].as_object().into_iter().flatten();
    let operations = operations.flat_map(|(_, it)| it.as_object().into_iter().flatten());
    let asked = operations.flat_map(|(_, it)| it["security"].as_array().into_iter().flatten());
    let scopes = asked.flat_map(|it| it.as_object().into_iter().flatten());
    let names = scopes.flat_map(|(_, it)| it.as_array().into_iter().flatten());
    let mut names: Vec<_> = names.filter_map(Value::as_str).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

//! Who types the commands, for the audit log.

#[cfg(test)]
mod tests;

use std::os::unix::fs::MetadataExt as _;

use scim_app::Actor;

/// The operating system's user: whoever used sudo, if that was used.
///
/// Whoever can run commands here can write the database as well; the name is for people who want
/// to know whom to ask.
pub fn of_process() -> Actor {
    // The process directory belongs to whoever runs the process; the environment can say anything.
    let uid = std::fs::metadata("/proc/self").map(|it| it.uid()).ok();
    let before_sudo = variable("SUDO_USER").filter(|_| uid == Some(0));
    let name = before_sudo
        .or_else(|| name_of(uid?, &std::fs::read_to_string("/etc/passwd").ok()?))
        .or_else(|| variable("USER"))
        .or_else(|| Some(format!("uid-{}", uid?)));
    Actor::Cli(name.unwrap_or_else(|| "unknown".to_owned()))
}

fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok()?;
    let value: String = value.chars().filter(|it| !it.is_control()).take(64).collect();
    Some(value).filter(|value| !value.is_empty())
}

/// The name of a user in the text of `/etc/passwd`.
fn name_of(uid: u32, users: &str) -> Option<String> {
    let name = |line: &str| {
        let mut fields = line.split(':');
        let (name, _password, id) = (fields.next()?, fields.next()?, fields.next()?);
        (id.parse() == Ok(uid) && !name.is_empty()).then(|| name.to_owned())
    };
    users.lines().find_map(name)
}

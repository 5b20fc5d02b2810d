//! Reading the configuration: file, then environment, then flags.

use super::{
    Config,
    settings::{SETTINGS, Setting},
};
use anyhow::{Context, bail};
use std::{ffi::OsString, fmt::Write, fs};

pub enum Loaded {
    Run(Box<Config>),
    /// Print this and stop.
    Help(String),
}

/// `env` looks a variable up; a parameter so that tests need not change the process.
pub fn load(
    args: impl IntoIterator<Item = OsString>,
    env: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Loaded> {
    let Some(flags) = read_flags(args)? else { return Ok(Loaded::Help(help())) };
    let mut config = Config::default();
    let file = flags.file.or_else(|| env("PARLEY_CONFIG"));
    if let Some(path) = file {
        read_file(&mut config, &path).with_context(|| format!("in {path}"))?;
    }
    for setting in SETTINGS {
        if let Some(text) = env(&setting.variable()) {
            (setting.set)(&mut config, &text).with_context(|| setting.variable())?;
        }
    }
    for (setting, text) in flags.given {
        (setting.set)(&mut config, &text).with_context(|| setting.flag())?;
    }
    config.check()?;
    Ok(Loaded::Run(Box::new(config)))
}

struct Flags {
    file: Option<String>,
    given: Vec<(&'static Setting, String)>,
}

/// Nothing when help is asked for.
fn read_flags(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<Option<Flags>> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut flags = Flags { file: None, given: Vec::new() };
    while let Some(arg) = parser.next()? {
        let lexopt::Arg::Long(name) = arg else {
            if matches!(arg, lexopt::Arg::Short('h')) {
                return Ok(None);
            }
            return Err(arg.unexpected().into());
        };
        let name = name.replace('-', "_");
        match name.as_str() {
            "help" => return Ok(None),
            "config" => flags.file = Some(text(&mut parser)?),
            _ => {
                let known = SETTINGS.iter().find(|setting| setting.name == name);
                let Some(setting) = known else { bail!("unknown flag --{name}; see --help") };
                let value = if setting.value.is_empty() { "true".to_owned() } else { text(&mut parser)? };
                flags.given.push((setting, value));
            }
        }
    }
    Ok(Some(flags))
}

fn text(parser: &mut lexopt::Parser) -> anyhow::Result<String> {
    parser.value()?.into_string().ok().context("a value is not valid text")
}

fn read_file(config: &mut Config, path: &str) -> anyhow::Result<()> {
    let table: toml::Table = fs::read_to_string(path)?.parse()?;
    for (name, value) in table {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            bail!("unknown setting {name}");
        };
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Array(list) if list.iter().all(toml::Value::is_str) => {
                list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
            }
            toml::Value::Array(list) => serde_json::to_string(&list)?,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(yes) => yes.to_string(),
            _ => bail!("{name} has a value of a kind that no setting has"),
        };
        (setting.set)(config, &text).with_context(|| setting.name)?;
    }
    Ok(())
}

fn help() -> String {
    let mut out = String::from(
        "parley-server: rings people, relays signaling, keeps the record, serves the page\n\n\
         Every setting is a flag, a variable, or a line of the TOML file named by --config FILE.\n\n",
    );
    for setting in SETTINGS {
        let left = format!("{} {}", setting.flag(), setting.value);
        let _ = writeln!(out, "  {left:<28} {:<26} {}", setting.variable(), setting.help);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(args: &[&str], env: &[(&str, &str)]) -> anyhow::Result<Config> {
        let args = std::iter::once("parley-server").chain(args.iter().copied()).map(OsString::from);
        let find = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
        match load(args, find)? {
            Loaded::Run(config) => Ok(*config),
            Loaded::Help(_) => bail!("help"),
        }
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("parley.toml");
        fs::write(&file, "port = 1\nring_seconds = 30\nallowed_origins = [\"http://a:1\", \"https://b\"]\n")
            .unwrap();
        let file = file.to_str().unwrap();
        let config =
            run(&["--config", file, "--port", "3"], &[("PARLEY_PORT", "2"), ("PARLEY_PRECONNECT", "false")])
                .unwrap();
        assert_eq!(config.port, 3);
        assert!(!config.preconnect);
        assert_eq!(config.rules.ring, Duration::from_secs(30));
        assert_eq!(config.allowed_origins, ["http://a:1", "https://b"]);
    }

    #[test]
    fn ice_servers_can_be_a_table_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("parley.toml");
        fs::write(&file, "[[ice_servers]]\nurls = [\"stun:stun.example\"]\n").unwrap();
        let config = run(&["--config", file.to_str().unwrap()], &[]).unwrap();
        assert_eq!(config.ice_servers[0].urls, ["stun:stun.example"]);
    }

    #[test]
    fn wrong_values_are_refused() {
        for args in [
            &["--ring-seconds", "9"][..],
            &["--ring-seconds", "121"],
            &["--ring-ms", "0"],
            &["--port", "70000"],
            &["--nonsense"],
            &["stray"],
            &["--public-origin", "parley.example"],
            &["--allowed-origins", "https://a/b"],
            &["--database-url", "mysql://x"],
            &["--redis-url", "redis://x"],
            &["--redis-url", "memcached://x", "--database-url", "postgres://x"],
        ] {
            assert!(run(args, &[]).is_err(), "{args:?}");
        }
        assert_eq!(run(&["--ring-seconds", "120"], &[]).unwrap().rules.ring, Duration::from_secs(120));
        assert_eq!(run(&["--ring-ms", "40"], &[]).unwrap().rules.ring, Duration::from_millis(40));
    }

    #[test]
    fn help_names_every_setting() {
        let help = help();
        assert!(SETTINGS.iter().all(|s| help.contains(&s.flag()) && help.contains(&s.variable())));
    }

    use parley_core::time::Duration;
}

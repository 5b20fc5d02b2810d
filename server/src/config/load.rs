//! Reads the configuration from the file, then the environment, then the flags. Later values win.

use super::{
    Config,
    settings::{SETTINGS, Setting},
    show::show,
};
use anyhow::{Context, anyhow, bail, ensure};
use parley_protocol::people::Plan;
use std::{collections::BTreeMap, ffi::OsString, fmt::Write, fs};

/// The result of reading the configuration.
pub enum Loaded {
    Run(Command, Box<Config>),
    /// A text to print before exiting.
    Print(String),
}

/// The command to run with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Serve,
    /// Brings the schema up to date and exits.
    Migrate,
    /// Gives a person a plan and exits. The person is named by id, or by a display name that only one person
    /// has.
    SetPlan(String, Plan),
}

/// The source of a value, in ascending order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    File,
    Environment,
    Flag,
}

/// The values that were set, by the name of the setting: their text and source.
pub(super) type Given = BTreeMap<&'static str, (String, Source)>;

/// Loads the configuration. `env` looks up a variable; it is a parameter so that tests need not change the
/// process.
pub fn load(
    args: impl IntoIterator<Item = OsString>,
    env: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Loaded> {
    let flags = read_flags(args)?;
    let action = flags.action()?;
    if action == Action::Help {
        return Ok(Loaded::Print(help()));
    }
    let (mut config, mut given) = (Config::default(), Given::new());
    let mut take = |setting: &'static Setting, text: String, source| {
        (setting.set)(&mut config, &text)?;
        given.insert(setting.name, (text, source));
        anyhow::Ok(())
    };
    if let Some(path) = flags.file.or_else(|| env("PARLEY_CONFIG")) {
        for (setting, text) in read_file(&path).with_context(|| format!("in {path}"))? {
            take(setting, text, Source::File).with_context(|| format!("in {path}: {}", setting.name))?;
        }
    }
    for setting in SETTINGS {
        if let Some(text) = env(&setting.variable()) {
            take(setting, text, Source::Environment).with_context(|| setting.variable())?;
        }
    }
    for (setting, text) in flags.given {
        take(setting, text, Source::Flag).with_context(|| setting.flag())?;
    }
    config.complete(|name| given.contains_key(name));
    config.check()?;
    Ok(match action {
        Action::Show => Loaded::Print(show(&config, &given)),
        Action::Run(command) => Loaded::Run(command, Box::new(config)),
        Action::Help => Loaded::Print(help()),
    })
}

/// Lists variables with our prefix that are not settings, which are most likely typing errors.
pub fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<String> {
    let ours =
        |name: &str| name == "PARLEY_CONFIG" || SETTINGS.iter().any(|setting| setting.variable() == name);
    names.filter(|name| name.starts_with("PARLEY_") && !ours(name)).collect()
}

/// The action that the command line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Action {
    Run(Command),
    Show,
    Help,
}

#[derive(Default)]
struct Flags {
    help: bool,
    /// The arguments that are not flags: a command and what it applies to.
    words: Vec<String>,
    file: Option<String>,
    given: Vec<(&'static Setting, String)>,
}

impl Flags {
    /// Reads the action from the words of the command line.
    fn action(&self) -> anyhow::Result<Action> {
        if self.help {
            return Ok(Action::Help);
        }
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words[..] {
            [] => Ok(Action::Run(Command::Serve)),
            ["config"] => Ok(Action::Show),
            ["migrate"] => Ok(Action::Run(Command::Migrate)),
            ["plan", "set", who, plan] => {
                let plan = plan.parse().map_err(|_| anyhow!("a plan is free, pro or enterprise"))?;
                Ok(Action::Run(Command::SetPlan(who.to_owned(), plan)))
            }
            ["plan", ..] => bail!("the command is: parley-server plan set PERSON PLAN"),
            _ => bail!("the commands are config, migrate and plan; see --help"),
        }
    }
}

fn read_flags(args: impl IntoIterator<Item = OsString>) -> anyhow::Result<Flags> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut flags = Flags::default();
    while let Some(arg) = parser.next()? {
        let name = match arg {
            lexopt::Arg::Long(name) => name.replace('-', "_"),
            lexopt::Arg::Short('h') => "help".to_owned(),
            lexopt::Arg::Value(word) => {
                flags.words.push(word.into_string().ok().context("an argument is not valid text")?);
                continue;
            }
            lexopt::Arg::Short(_) => return Err(arg.unexpected().into()),
        };
        match name.as_str() {
            "help" => {
                flags.help = true;
                return Ok(flags);
            }
            "config" => flags.file = Some(text(&mut parser)?),
            _ => {
                let Some(setting) = find(&name) else {
                    bail!("unknown flag --{}; see --help", name.replace('_', "-"))
                };
                let value = if setting.value.is_empty() { "true".to_owned() } else { text(&mut parser)? };
                flags.given.push((setting, value));
            }
        }
    }
    Ok(flags)
}

/// Finds a setting by its name.
fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

fn text(parser: &mut lexopt::Parser) -> anyhow::Result<String> {
    parser.value()?.into_string().ok().context("a value is not valid text")
}

fn read_file(path: &str) -> anyhow::Result<Vec<(&'static Setting, String)>> {
    let table: toml::Table = fs::read_to_string(path)?.parse()?;
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for (name, value) in flat("", table) {
        match find(&name) {
            Some(setting) => found.push((setting, plain(&name, value)?)),
            None => unknown.push(name),
        }
    }
    ensure!(unknown.is_empty(), "unknown settings: {}; see --help", unknown.join(", "));
    Ok(found)
}

/// Flattens a table: the name of a section becomes the prefix of the names in it.
fn flat(prefix: &str, table: toml::Table) -> Vec<(String, toml::Value)> {
    let lines = table.into_iter().flat_map(|(name, value)| match value {
        toml::Value::Table(section) => flat(&format!("{prefix}{name}_"), section),
        value => vec![(format!("{prefix}{name}"), value)],
    });
    lines.collect()
}

/// Converts a TOML value to the text that a flag would have.
fn plain(name: &str, value: toml::Value) -> anyhow::Result<String> {
    Ok(match value {
        toml::Value::String(text) => text,
        toml::Value::Array(list) if list.iter().all(toml::Value::is_str) => {
            list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
        }
        toml::Value::Array(list) => serde_json::to_string(&list)?,
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(yes) => yes.to_string(),
        _ => bail!("{name} has a value of an unsupported type"),
    })
}

fn help() -> String {
    let mut out = String::from(
        "parley-server: rings people, relays signaling, keeps the record, serves the page\n\n\
         parley-server            serve until told to stop\n\
         parley-server config     print the effective configuration, without secrets\n\
         parley-server migrate    bring the database's schema up to date and exit\n\
         parley-server plan set PERSON PLAN\n                                  \
         give a person, named by id or display name, the plan free, pro or enterprise\n\n\
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
            Loaded::Run(_, config) => Ok(*config),
            Loaded::Print(text) => bail!(text),
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
    fn a_section_is_the_beginning_of_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("parley.toml");
        fs::write(&file, "[database]\nconnections = 5\n[redis]\nprefix = \"x\"\n").unwrap();
        let config = run(&["--config", file.to_str().unwrap()], &[]).unwrap();
        assert_eq!((config.pool.connections, config.redis_prefix.as_str()), (5, "x"));
    }

    #[test]
    fn a_domain_is_a_complete_deployment() {
        let config = run(&["--domain", "calls.example.org"], &[]).unwrap();
        assert_eq!(
            (config.bind.to_string().as_str(), config.port, config.redirect_port),
            ("::", 443, Some(80))
        );
        assert_eq!(config.public_origin.as_deref(), Some("https://calls.example.org"));
        assert!(config.is_secure());
        let own = ["--domain", "calls.example.org", "--port", "8443", "--bind", "127.0.0.1"];
        let config = run(&own, &[("PARLEY_PUBLIC_ORIGIN", "https://calls.example.org:8443")]).unwrap();
        assert_eq!(
            (config.bind.to_string().as_str(), config.port, config.redirect_port),
            ("127.0.0.1", 8443, None)
        );
        assert_eq!(config.public_origin.as_deref(), Some("https://calls.example.org:8443"));
        for (flags, why) in [
            (&["--domain", "https://calls.example.org"][..], "without scheme and port"),
            (&["--domain", "localhost"], "host name such as"),
            (&["--domain", "calls.example.org", "--lan"], "unset lan"),
            (&["--domain", "calls.example.org", "--redis-url", "redis://r"], "give several servers tls_cert"),
        ] {
            let error = format!("{:#}", run(flags, &[]).map(drop).unwrap_err());
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn everything_that_is_unknown_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("parley.toml");
        fs::write(&file, "prot = 1\nport = 2\n[redis]\nulr = \"x\"\n").unwrap();
        let error = run(&["--config", file.to_str().unwrap()], &[]).err().unwrap();
        assert!(format!("{error:#}").contains("prot, redis_ulr"), "{error:#}");
        let names = ["PARLEY_PORT", "PARLEY_PROT", "PATH", "PARLEY_CONFIG"].map(str::to_owned);
        assert_eq!(unknown_variables(names.into_iter()), ["PARLEY_PROT"]);
    }

    #[test]
    fn commands_are_told_apart() {
        let args = |command: &str| ["parley-server", command].map(OsString::from);
        let migrate = load(args("migrate"), |_| None).unwrap();
        assert!(matches!(migrate, Loaded::Run(Command::Migrate, _)));
        assert!(matches!(load(args("config"), |_| None).unwrap(), Loaded::Print(_)));
        assert!(load(args("sing"), |_| None).is_err());
    }

    #[test]
    fn the_effective_values_are_shown_with_sources_and_without_secrets() {
        let text = run(
            &["config", "--port", "7", "--database-url", "postgres://ana:tulip@db/parley"],
            &[
                ("PARLEY_PORT", "6"),
                ("PARLEY_LAN", "true"),
                ("PARLEY_ICE_SERVERS", r#"[{"urls":["turn:t"],"username":"u","credential":"tulip"}]"#),
            ],
        );
        let text = text.err().unwrap().to_string();
        for line in [
            "port = 7  # flag",
            "lan = true  # environment",
            "session_days = 30  # default",
            "# redis_url is not set",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(!text.contains("tulip") && text.contains("postgres://ana:***@db/parley"), "{text}");
        // The output is a file that could be loaded again.
        assert!(text.parse::<toml::Table>().is_ok(), "{text}");
    }

    #[test]
    fn no_part_of_an_address_shows_a_secret_bug() {
        for (address, shown) in [
            ("postgres://db/parley?user=ana&password=tulip", "postgres://db/parley?user=ana&password=***"),
            (
                "postgres://db/p?Password=tu@lip&sslmode=require",
                "postgres://db/p?Password=***&sslmode=require",
            ),
            ("postgres://a:tulip@db/p?sslpassword=tulip", "postgres://a:***@db/p?sslpassword=***"),
            ("postgres://a@db/p?sslkey=tulip&sslcert=c", "postgres://a:***@db/p?sslkey=***&sslcert=c"),
            ("redis+unix:///run/redis?db=1&pass=tulip", "redis+unix:///run/redis?db=1&pass=***"),
            ("rediss://:tulip@redis/0", "rediss://:***@redis/0"),
            ("postgres://a:tu?lip@db/p", "postgres://a:***@db/p"),
            ("postgres://db/parley?sslmode=require", "postgres://db/parley?sslmode=require"),
        ] {
            assert_eq!(crate::config::hide(address), shown);
        }
    }

    #[test]
    fn defaults_are_as_the_help_says() {
        let config = Config::default();
        for setting in SETTINGS {
            if let Some(get) = setting.get {
                let (value, said) = (get(&config), setting.default());
                let in_words = value.is_empty() || value == "false" || setting.name == "data";
                assert!(in_words || value == said, "{}: {value}, not {said}", setting.name);
            }
        }
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
            &["--guests", "false"],
            &["--oidc-client-id", "x", "--public-origin", "https://a"],
            &["--oidc-issuer", "https://b", "--public-origin", "https://a"],
            &["--oidc-issuer", "https://b", "--oidc-client-id", "x"],
            &["--oidc-issuer", "http://b", "--oidc-client-id", "x", "--public-origin", "https://a"],
            &["--oidc-issuer", "http://localhost.b", "--oidc-client-id", "x", "--public-origin", "https://a"],
            &["--redis-url", "redis://x"],
            &["--redis-url", "memcached://x", "--database-url", "postgres://x"],
        ] {
            assert!(run(args, &[]).is_err(), "{args:?}");
        }
        for issuer in ["https://b", "http://localhost:8090", "http://127.0.0.1:1/realm"] {
            let given = ["--oidc-issuer", issuer, "--oidc-client-id", "x", "--public-origin", "https://a"];
            let all = [&given[..], &["--guests", "false"]].concat();
            assert_eq!(run(&all, &[]).unwrap().oidc.issuer, issuer);
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

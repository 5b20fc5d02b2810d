//! A PostgreSQL server for this process: in a temporary folder, on a free port, stopped when the process
//! ends.

use super::{programs::kept, redis::free_port};
use sea_orm::{ConnectionTrait, Database};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

struct Server {
    port: u16,
    /// The shell that keeps the server; the process holds its input open.
    _keeper: Mutex<Child>,
}

/// The database of one test. The next test drops it after this one has ended: all databases together would
/// fill a small disk.
pub struct Fresh {
    pub url: String,
    name: String,
}

/// The names of databases whose tests have ended.
static FINISHED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Drop for Fresh {
    fn drop(&mut self) {
        FINISHED.lock().unwrap().push(self.name.clone());
    }
}

/// Creates an empty database. Returns `None` when there is no PostgreSQL on this machine.
pub async fn fresh_database() -> Option<Fresh> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // Starting the server blocks the thread, which delays no other test: each has a runtime of its own.
    let server = SERVER.get_or_init(|| programs().map(|folder| start(&folder))).as_ref()?;
    let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let url = |database: &str| format!("postgres://parley@127.0.0.1:{}/{database}", server.port);
    let admin = Database::connect(url("postgres")).await.unwrap();
    let finished = std::mem::take(&mut *FINISHED.lock().unwrap());
    for name in finished {
        // A server that was not told to stop may still be connected, hence `FORCE`.
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    }
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    Some(Fresh { url: url(&name), name })
}

/// Finds the folder with `initdb` and `postgres`.
fn programs() -> Option<PathBuf> {
    let named = env::var_os("PARLEY_TEST_POSTGRES_BIN").map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    named
        .into_iter()
        .chain(env::split_paths(&path).filter_map(|folder| real_home(&folder)))
        .chain(packaged.map(|version| version.path().join("bin")))
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Resolves links to the folder where the programs really live, since PostgreSQL looks for its own files
/// beside them.
fn real_home(folder: &Path) -> Option<PathBuf> {
    fs::canonicalize(folder.join("initdb")).ok()?.parent().map(Path::to_path_buf)
}

fn start(programs: &Path) -> Server {
    let folder = tempfile::Builder::new().prefix("parley-postgres-").tempdir().unwrap().keep();
    let user = unprivileged();
    if let Some(user) = &user {
        run(Command::new("chown").arg(user).arg(&folder));
    }
    let data = folder.join("data");
    run(as_user(user.as_deref(), &programs.join("initdb"))
        .current_dir("/")
        .args(["--username=parley", "--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale", "-D"])
        .arg(&data));
    let port = free_port();
    let mut server = as_user(user.as_deref(), &programs.join("postgres"));
    server
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
        .args(["-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "shared_buffers=32MB"])
        .args(["-c", "max_wal_size=128MB"]);
    let mut keeper = kept(&server, "INT", r#"rm -rf "$FOLDER""#)
        .env("FOLDER", &folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(keeper.stderr.take().unwrap()).lines();
    let ready = log.by_ref().map_while(Result::ok).find(|line| line.contains("ready to accept connections"));
    ready.expect("PostgreSQL did not start");
    // The log is read on, or the server would block on a full pipe.
    std::thread::spawn(move || log.for_each(drop));
    Server { port, _keeper: Mutex::new(keeper) }
}

/// Returns the user that runs PostgreSQL when the tests run as root, which it refuses.
fn unprivileged() -> Option<String> {
    let id = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let has = |name: &str| users.lines().any(|line| line.starts_with(&format!("{name}:")));
    ["postgres", "nobody"].into_iter().find(|name| has(name)).map(str::to_owned)
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", &group_of(user), "--clear-groups", "--"]).arg(program);
    command
}

fn group_of(user: &str) -> String {
    let group = Command::new("id").args(["-g", user]).output().unwrap();
    String::from_utf8_lossy(&group.stdout).trim().to_owned()
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

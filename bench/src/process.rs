//! Servers under load: started, asked what they use, and ended with their owner.

use anyhow::{Context, Result, bail};
use nix::unistd::{SysconfVar, sysconf};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

use crate::Programs;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Parley,
    SocketIo,
    /// On socket.io as well; it writes every step of a call to SQLite before it tells it.
    Keeping,
    Ws,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Parley, Self::SocketIo, Self::Keeping, Self::Ws];

    pub fn name(self) -> &'static str {
        match self {
            Self::Parley => "parley",
            Self::SocketIo => "socket.io",
            Self::Keeping => "s.io+db",
            Self::Ws => "ws",
        }
    }
}

/// A server that listens on the loopback, with a folder of its own.
pub struct Server {
    pub kind: Kind,
    pub addr: SocketAddr,
    child: Child,
    folder: TempDir,
}

/// How long a server may take to listen.
const START_WITHIN: Duration = Duration::from_secs(20);

impl Server {
    pub fn start(kind: Kind, programs: &Programs) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = match kind {
            Kind::Parley => parley(programs, &folder),
            Kind::SocketIo => node(programs, "socket.io.mjs"),
            Kind::Keeping => {
                let mut command = node(programs, "socket.io.mjs");
                command.arg(folder.path().join("calls.db"));
                command
            }
            Kind::Ws => node(programs, "ws.mjs"),
        };
        let out = folder.path().join("out");
        let err = fs::File::create(folder.path().join("err"))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out)?)
            .stderr(err)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let unknown = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut server = Self { kind, addr: unknown, child, folder };
        let port = server.announced(&out)?;
        server.addr.set_port(port);
        Ok(server)
    }

    fn announced(&mut self, out: &Path) -> Result<u16> {
        let until = Instant::now() + START_WITHIN;
        while Instant::now() < until {
            if let Some(line) = fs::read_to_string(out)?.lines().find(|line| line.starts_with("listening")) {
                let port = line.rsplit([':', ' ']).next().unwrap_or_default();
                return port.parse().with_context(|| line.to_owned());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}: {}", self.kind.name(), self.said());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("{} does not listen: {}", self.kind.name(), self.said())
    }

    /// What it wrote to its standard error.
    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("err")).unwrap_or_default()
    }

    /// Memory that it holds, in bytes.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1_024)
    }

    /// Seconds of processor time that it has used, in all threads and ended children.
    pub fn cpu(&self) -> Result<f64> {
        cpu(&self.proc("stat"))
    }

    fn proc(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{file}", self.child.id()))
    }
}

/// What this process has used.
pub fn own_cpu() -> Result<f64> {
    cpu("/proc/self/stat".as_ref())
}

fn cpu(stat: &Path) -> Result<f64> {
    let stat = fs::read_to_string(stat)?;
    // "pid (name) state ppid …", and the name may hold anything.
    let (_, rest) = stat.rsplit_once(')').context("no name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = fields.get(11..15).context("too few fields")?;
    let ticks: f64 = ticks.iter().map(|text| text.parse().unwrap_or(0.0)).sum();
    let a_second = sysconf(SysconfVar::CLK_TCK)?.unwrap_or(100);
    Ok(ticks / f64::from(i32::try_from(a_second)?))
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// As delivered, but for its limits: one machine plays thousands of people here.
fn parley(programs: &Programs, folder: &TempDir) -> Command {
    let mut command = Command::new(&programs.server);
    command.args(["--port", "0", "--log", "warn", "--data"]).arg(folder.path().join("data"));
    for limit in ["call-starts", "sign-ins", "invitations", "user-sockets", "address-sockets", "frames"] {
        command.args([&format!("--limit-{limit}"), "1000000/1"]);
    }
    command
}

fn node(programs: &Programs, script: &str) -> Command {
    let mut command = Command::new(&programs.node);
    command.arg(programs.peers.join(script)).env("NODE_ENV", "production");
    command
}

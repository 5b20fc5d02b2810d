//! Connecting, calling and hanging up leaves no tasks, descriptors or memory behind.
//!
//! `PARLEY_TEST_CYCLES` sets the number of cycles. The default is small, because this runs with every other
//! test.

use crate::{
    crash::{client::Pair, server::Server},
    support::{Database, TestApp, eventually},
};
use std::{fs, sync::Arc};

fn cycles(usual: usize) -> usize {
    std::env::var("PARLEY_TEST_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test]
async fn no_task_outlives_its_socket() {
    let test = TestApp::with(|config| {
        for what in parley_server::cluster::limits::Limited::ALL {
            config.limits.set(*what, "1000000/1").unwrap();
        }
    })
    .await;
    let (ana, ben, conversation) = test.friends().await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let cycle = async || {
        let (a, b) = (ana.device().await, ben.device().await);
        let call = ana.start(conversation.id, &a).await;
        ben.accept(call.id, &b).await;
        ana.finish("end", call.id, &a).await;
        a.vanish();
        b.vanish();
        eventually(async || test.app.hub.everyone().is_empty()).await;
    };
    for _ in 0..10 {
        cycle().await;
    }
    eventually(async || {
        tokio::task::yield_now().await;
        test.app.hub.everyone().is_empty()
    })
    .await;
    let before = tasks();
    for _ in 0..cycles(50) {
        cycle().await;
    }
    // The task of a socket still notifies its calls after the socket has closed.
    eventually(async || tasks() <= before + 2).await;
}

/// Returns the resident memory of a process in KiB, and the number of its descriptors.
fn resources(pid: u32) -> (usize, usize) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kib = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    (kib, fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_descriptors_do_not_grow() {
    let database = Database::of_this_run().await;
    let server = Arc::new(Server::start(&database));
    let mut pair = Pair::new(&server, 0, 1).await;
    let all = cycles(300);
    for _ in 0..all / 3 {
        pair.cycle().await;
    }
    let (kib_before, open_before) = resources(server.pid());
    for _ in all / 3..all {
        pair.cycle().await;
    }
    let (kib, open) = resources(server.pid());
    println!("{all} cycles: {kib_before} KiB, then {kib} KiB; {open_before} descriptors, then {open}");
    assert!(open <= open_before + 8, "{open_before} descriptors became {open}");
    assert!(kib <= kib_before + 12 * 1_024, "{kib_before} KiB became {kib} KiB");
}

//! The start of every background loop. No other module starts one.

use crate::{
    app::{App, Phases},
    calls::{deadlines, devices, reports},
    error::Answer,
    jobs,
    people::presence,
};
use std::time::Duration;

/// The pause before a loop that has panicked starts again.
const REST: Duration = Duration::from_secs(1);

/// Settles what an earlier run left behind, and starts the loops.
pub async fn begin(app: &App) -> Answer<()> {
    // The lease comes first: without it, other servers would take the devices that connect here for lost.
    app.directory.beat().await;
    devices::sweep(app).await?;
    deadlines::sweep(app).await?;
    let (due, old, stale, lease) = (app.clone(), app.clone(), app.clone(), app.clone());
    keep_running("deadlines", app.phases(), move || deadlines::run(due.clone()));
    keep_running("presence", app.phases(), move || presence::run(stale.clone()));
    keep_running("lease", app.phases(), move || jobs::lease::run(lease.clone()));
    for told in app.media.reports() {
        tokio::spawn(reports::run(app.clone(), told));
    }
    keep_running("jobs", app.phases(), move || jobs::run(old.clone()));
    Ok(())
}

/// Runs a loop in a task of its own until the server stops, and starts it again when it panics.
fn keep_running<F>(what: &'static str, mut stop: Phases, work: impl Fn() -> F + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            let mut running = tokio::spawn(work());
            tokio::select! {
                ended = &mut running => tracing::error!(what, ?ended, "a background loop ended; starting it again"),
                () = stop.stopping() => {
                    running.abort();
                    // The task is gone when this returns, and with it every transaction and lock that it
                    // held. Only then is this view of the phases dropped, which lets the server close its
                    // database.
                    _ = running.await;
                    return;
                }
            }
            tokio::time::sleep(REST).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::SystemClock, config::Config};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tokio::sync::Notify;

    #[tokio::test]
    async fn work_that_panics_is_started_again_bug() {
        let config = Config { database_url: Some("sqlite::memory:".to_owned()), ..Config::default() };
        let app = App::open(config, Arc::new(SystemClock)).await.unwrap();
        let (starts, again) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (count, told) = (starts.clone(), again.clone());
        keep_running("test", app.phases(), move || {
            let (first, told) = (count.fetch_add(1, Ordering::SeqCst) == 0, told.clone());
            async move {
                assert!(!first, "the first one panics");
                told.notify_one();
                std::future::pending::<()>().await;
            }
        });
        tokio::time::timeout(Duration::from_secs(20), again.notified()).await.unwrap();
        app.stop();
        app.drained().await;
        assert_eq!(starts.load(Ordering::SeqCst), 2);
    }
}

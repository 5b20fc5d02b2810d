//! The connection to Redis for scripts that answer, shared by the directory and the limits of a server.
//!
//! While Redis does not answer, requests fail soon: only one of them at a time tries to connect, and after a
//! failure none tries again for a moment.

use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, RedisError, RedisResult, Script,
    aio::MultiplexedConnection,
};
use std::{fmt::Display, sync::Mutex as Lock, time::Duration};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

/// The time that Redis has to accept a connection or to answer.
const PATIENCE: Duration = Duration::from_secs(1);
/// The time between a failure and the next attempt to connect.
const RETRY: Duration = Duration::from_millis(300);

pub struct Shared {
    client: Client,
    prefix: String,
    connection: Mutex<Option<MultiplexedConnection>>,
    failed_at: Lock<Option<Instant>>,
}

impl Shared {
    pub fn new(client: Client, prefix: &str) -> Self {
        Self { client, prefix: prefix.to_owned(), connection: Mutex::default(), failed_at: Lock::default() }
    }

    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub fn key(&self, kind: &str, of: impl Display) -> String {
        format!("{}:{kind}:{of}", self.prefix)
    }

    /// Runs a Lua script. Redis executes it as one step, so nobody sees it half done.
    pub async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[String],
        args: &[String],
    ) -> RedisResult<T> {
        let mut connection = self.connection().await?;
        let mut call = script.prepare_invoke();
        for key in keys {
            call.key(key);
        }
        for arg in args {
            call.arg(arg);
        }
        let answer = call.invoke_async(&mut connection).await;
        self.drop_if_broken(answer).await
    }

    async fn connection(&self) -> RedisResult<MultiplexedConnection> {
        if self.has_just_failed() {
            return Err(away());
        }
        // The lock is held while this task connects, so that the others wait for it instead of connecting as
        // well.
        let mut connection = timeout(PATIENCE, self.connection.lock()).await.map_err(|_| away())?;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        // The task that held the lock may have failed to connect.
        if self.has_just_failed() {
            return Err(away());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        match self.client.get_multiplexed_async_connection_with_config(&config).await {
            Ok(new) => Ok(connection.insert(new).clone()),
            Err(error) => {
                self.fail();
                Err(error)
            }
        }
    }

    /// Drops the connection if the answer shows that it is broken, so that the next request opens a new one.
    async fn drop_if_broken<T>(&self, answer: RedisResult<T>) -> RedisResult<T> {
        if let Err(error) = &answer
            && (error.is_io_error() || error.is_timeout() || error.is_connection_dropped())
        {
            self.fail();
            *self.connection.lock().await = None;
        }
        answer
    }

    fn fail(&self) {
        *self.failed_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Instant::now());
    }

    fn has_just_failed(&self) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        failed_at.is_some_and(|at| at.elapsed() < RETRY)
    }
}

fn away() -> RedisError {
    RedisError::from((ErrorKind::Io, "Redis does not answer"))
}

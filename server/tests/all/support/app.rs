//! A server for one test: its router in process, its sockets over loopback, and a clock that the test sets.

use super::{Database, Person, Reply, contract};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use parley_protocol::{
    Timestamp,
    people::Conversation,
    rest::{GuestSignIn, NewConversation, SignedIn},
};
use parley_server::{
    app::App,
    calls::deadlines,
    clock::{Clock, ManualClock},
    cluster::limits::Limited,
    config::Config,
    routes,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::io::DuplexStream;
use tower::ServiceExt;

/// A running server. Requests go straight to its router; sockets connect to its address.
pub struct TestApp {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub address: SocketAddr,
    router: Router,
    config: Config,
    database: Arc<Database>,
}

/// The time at which the clock starts, in 2026.
const START: Timestamp = Timestamp(1_780_000_000_000);

impl TestApp {
    /// Starts a server with the default configuration, on the database of this run.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a server with a changed configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(Database::of_this_run().await, change).await
    }

    /// Starts a server on this database with a changed configuration.
    pub async fn on(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        database.settle(&mut config);
        // All people in a test share one address.
        config.limits.set(Limited::SignIns, "10000/600").unwrap();
        // The clock of a test stands still while its people do more than a minute has room for.
        config.limits.set(Limited::Changes, "10000/60").unwrap();
        config.limits.set(Limited::QualityRows, "10000/60").unwrap();
        change(&mut config);
        Self::run(config, Arc::new(database), Arc::new(ManualClock::new(START))).await
    }

    async fn run(config: Config, database: Arc<Database>, clock: Arc<ManualClock>) -> Self {
        // The test harness prints the log with a test that fails. The first test of the process installs the
        // subscriber for all.
        _ = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer().try_init();
        let app = App::open(config.clone(), clock.clone()).await.unwrap();
        parley_server::start::begin(&app).await.unwrap();
        let router = routes::router(app.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(axum::serve(listener, router.clone()).into_future());
        Self { app, clock, address, router, config, database }
    }

    /// Starts another server on the same data and with the same clock.
    pub async fn twin(&self) -> Self {
        Self::run(self.config.clone(), self.database.clone(), self.clock.clone()).await
    }

    /// Stops all tasks of the server without the goodbye to the other servers, as if it had died.
    pub async fn die(&self) {
        self.app.stop();
        self.app.drained().await;
    }

    /// Stops as the process would, and starts again on the same data, at the time that the clock shows.
    pub async fn restart(self) -> Self {
        self.stop().await;
        Self::run(self.config, self.database, self.clock).await
    }

    /// Stops as the process would: leaves the directory of servers and closes the database.
    pub async fn stop(&self) {
        self.app.stop();
        self.app.directory.depart().await;
        self.app.store.close().await.unwrap();
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock and handles everything that has become due before it returns.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        deadlines::sweep(&self.app).await.unwrap();
    }

    /// Runs a statement on the database behind the server's back.
    pub async fn sql(&self, statement: &str) {
        self.database.run(statement).await;
    }

    /// Runs the statement in the dialect of the database.
    pub async fn sql_of_each(&self, sqlite: &str, postgresql: &str) {
        self.sql(if self.database.is_sqlite() { sqlite } else { postgresql }).await;
    }

    /// Reads the texts of one column behind the server's back.
    pub async fn texts(&self, question: &str) -> Vec<String> {
        self.database.texts(question).await
    }

    /// Returns an id as an SQL literal of the database.
    pub fn id_in_sql(&self, id: uuid::Uuid) -> String {
        if self.database.is_sqlite() { format!("x'{}'", id.simple()) } else { format!("'{id}'") }
    }

    /// Opens an HTTP connection to the router and returns its other end. Whatever is sent before that is
    /// dropped still arrives.
    pub fn pipe(&self) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let service = TowerToHyperService::new(self.router.clone());
        let http = http1::Builder::new();
        tokio::spawn(http.serve_connection(TokioIo::new(theirs), service).with_upgrades());
        ours
    }

    /// Sends a request to the router and checks that the OpenAPI document allows its answer.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let reply = Reply::read(self.router.clone().oneshot(request).await.unwrap()).await;
        contract::check(&method, &path, &reply);
        reply
    }

    /// Sends a POST request without a session.
    pub async fn post(&self, path: &str, body: &impl serde::Serialize) -> Reply {
        self.send(request(Method::POST, path, Some(serde_json::to_vec(body).unwrap()))).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(request(Method::GET, path, None)).await
    }

    /// Signs a guest in.
    pub async fn guest(&self, name: &str) -> Person<'_> {
        let wish = GuestSignIn { display_name: name.to_owned() };
        let signed: SignedIn = self.post("/api/auth/guest", &wish).await.created();
        Person::new(self, signed)
    }

    /// Signs in two people with an accepted conversation.
    pub async fn friends(&self) -> (Person<'_>, Person<'_>, Conversation) {
        let (ana, ben) = (self.guest("Ana").await, self.guest("Ben").await);
        let conversation = self.befriend(&ana, &ben).await;
        (ana, ben, conversation)
    }

    /// Makes a group of these people, all of whom accept. The first one owns it.
    pub async fn group(&self, name: &str, people: &[&Person<'_>]) -> Conversation {
        let others = people[1..].iter().map(|person| person.id()).collect();
        let wish = NewConversation::group(name, others);
        let mut group: Conversation = people[0].post("/api/conversations", &wish).await.ok();
        for person in &people[1..] {
            group = person.post(&format!("/api/conversations/{}/accept", group.id), &()).await.ok();
        }
        group
    }

    /// Makes an accepted conversation between two people.
    pub async fn befriend(&self, a: &Person<'_>, b: &Person<'_>) -> Conversation {
        let wish = NewConversation::direct(b.id());
        let new: Conversation = a.post("/api/conversations", &wish).await.ok();
        b.post(&format!("/api/conversations/{}/accept", new.id), &()).await.ok()
    }
}

pub fn request(method: Method, path: &str, body: Option<Vec<u8>>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "parley.test");
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    request.body(Body::from(body.unwrap_or_default())).unwrap()
}

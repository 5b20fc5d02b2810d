//! One `RTCPeerConnection`: it carries out the commands of `parley_core::peer` and reports candidates, the
//! state of the path and data.
//!
//! The first offer and answer agree on four transceivers in both directions: microphone, camera, screen and
//! the screen's sound, told apart by their order. No track is attached at first, so not one packet is sent;
//! `replaceTrack` puts tracks on later without a negotiation. The machine gives one command at a time and
//! waits for its result.

mod sending;

use super::{counters, error::BrowserError, listener::Listener, timer};
use parley_core::{
    adapt,
    peer::{Command, Path},
    quality::{
        ice_ufrag,
        sample::{Kind, Sample},
    },
};
use parley_protocol::{rest::IceConfig, signal::Candidate};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, MediaStreamTrack, MessageEvent, RtcBundlePolicy, RtcConfiguration, RtcDataChannel,
    RtcDataChannelInit, RtcDataChannelState, RtcIceCandidateInit, RtcIceServer, RtcIceTransportPolicy,
    RtcOfferOptions, RtcPeerConnection, RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit, RtcTrackEvent,
};

/// The kinds of the transceivers, in their order: microphone, camera, screen, the screen's sound.
const ROOM: [&str; 4] = ["audio", "video", "video", "audio"];
/// The first transceiver of the screen.
const SCREEN: usize = 2;

/// The tracks to send, in the order of the transceivers; none where nothing is sent.
pub type Tracks = [Option<MediaStreamTrack>; ROOM.len()];

/// The number of the data channel. Both sides create it as already negotiated, so that it needs no message of
/// its own.
const DATA_CHANNEL_ID: u16 = 0;

/// A report of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerEvent {
    Candidate(Candidate),
    Path(Path),
    Data(String),
}

/// A connection to one remote device; dropping it closes it.
pub struct PeerConnection {
    connection: RtcPeerConnection,
    channel: RtcDataChannel,
    stream: MediaStream,
    screen: MediaStream,
    sending: RefCell<Tracks>,
    /// The bitrate at which sending begins; none leaves it to the browser.
    start_kbps: Cell<Option<u32>>,
    /// The time from opening the connection until it was first up.
    setup_ms: Rc<Cell<Option<u32>>>,
    /// The remote side's ICE user fragment, which changes with each ICE restart.
    remote_ufrag: RefCell<Option<String>>,
    ice_restarts: Cell<u32>,
    _listeners: [Listener; 4],
}

impl PeerConnection {
    pub fn open(
        ice: &IceConfig,
        on_event: impl Fn(PeerEvent) + Clone + 'static,
    ) -> Result<Self, BrowserError> {
        let connection = RtcPeerConnection::new_with_configuration(&configuration(ice))
            .map_err(BrowserError::of("peer connection"))?;
        let channel = connection.create_data_channel_with_data_channel_dict("parley", &{
            let init = RtcDataChannelInit::new();
            init.set_negotiated(true);
            init.set_id(DATA_CHANNEL_ID);
            init
        });
        let stream = MediaStream::new().map_err(BrowserError::of("media stream"))?;
        let screen = MediaStream::new().map_err(BrowserError::of("media stream"))?;
        let setup_ms = Rc::default();
        let listeners = listen(&connection, &channel, [&stream, &screen], &setup_ms, on_event);
        Ok(Self {
            connection,
            channel,
            stream,
            screen,
            sending: RefCell::default(),
            start_kbps: Cell::default(),
            setup_ms,
            remote_ufrag: RefCell::default(),
            ice_restarts: Cell::default(),
            _listeners: listeners,
        })
    }

    /// Sets the bitrate at which sending begins, for a connection to one of so many people. To be called
    /// before the first remote description: a changed value in a later one would make the browser estimate
    /// its bandwidth anew.
    pub fn begins_among(&self, people: usize) {
        self.start_kbps.set(adapt::start_kbps(people));
    }

    /// Returns the stream of the remote microphone and camera. (The stream's own method `clone` would make
    /// another stream of other tracks.)
    pub fn stream(&self) -> MediaStream {
        Clone::clone(&self.stream)
    }

    /// Returns the stream of the remote screen and its sound.
    pub fn screen(&self) -> MediaStream {
        Clone::clone(&self.screen)
    }

    /// Adds the transceivers, on the side that offers. It is done ahead of the offer where possible, because
    /// the browser blocks this thread for each of them.
    pub fn add_transceivers(&self) {
        for kind in ROOM {
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(RtcRtpTransceiverDirection::Sendrecv);
            self.connection.add_transceiver_with_str_and_init(kind, &init);
        }
    }

    /// Runs one command. An offer or an answer that was made is returned as SDP.
    pub async fn run(&self, command: Command) -> Result<Option<String>, BrowserError> {
        match command {
            Command::MakeOffer { restart_ice } => self.make_offer(restart_ice).await.map(Some),
            Command::TakeOffer { sdp } => self.take_offer(&sdp).await.map(Some),
            Command::TakeAnswer { sdp } => self.set_remote(RtcSdpType::Answer, &sdp).await.map(|()| None),
            Command::AddCandidates { candidates } => {
                // A candidate of an older description fails, and the ones after it may still fit.
                let mut result = Ok(None);
                for candidate in candidates {
                    if let Err(error) = self.add_candidate(&candidate).await {
                        result = Err(error);
                    }
                }
                result
            }
        }
    }

    /// Puts tracks on the connection, or takes them off it, without a negotiation. Before the first offer or
    /// answer there are no transceivers; the tracks are then put on with it.
    pub async fn send_tracks(&self, tracks: Tracks) -> Result<(), BrowserError> {
        self.sending.replace(tracks);
        self.put_tracks().await
    }

    async fn put_tracks(&self) -> Result<(), BrowserError> {
        // All replacements are started before the first is awaited, so that sound and picture change
        // together.
        let replaced: Vec<_> = {
            let sending = self.sending.borrow();
            self.transceivers()
                .zip(sending.iter())
                .filter(|(transceiver, track)| transceiver.sender().track() != **track)
                .map(|(transceiver, track)| transceiver.sender().replace_track(track.as_ref()))
                .collect()
        };
        for promise in replaced {
            JsFuture::from(promise).await.map_err(BrowserError::of("replaceTrack"))?;
        }
        Ok(())
    }

    /// Sends a text over the data channel; returns whether that worked. A closed channel loses the text,
    /// which is safe: messages that change a call also go over the server.
    pub fn send_data(&self, text: &str) -> bool {
        self.channel.ready_state() == RtcDataChannelState::Open && self.channel.send_with_str(text).is_ok()
    }

    /// Reads the browser's counters of this connection.
    pub async fn count(&self) -> Result<Sample, BrowserError> {
        let screen = self.transceivers().nth(SCREEN).and_then(|transceiver| transceiver.mid());
        let kind_of = |mid: Option<&str>, kind| {
            if kind == Kind::Camera && mid.is_some() && mid == screen.as_deref() {
                Kind::Screen
            } else {
                kind
            }
        };
        let sample = counters::count(&self.connection, kind_of).await?;
        Ok(Sample { setup_ms: self.setup_ms.get(), ice_restarts: self.ice_restarts.get(), ..sample })
    }

    async fn make_offer(&self, restart_ice: bool) -> Result<String, BrowserError> {
        if self.transceivers().next().is_none() {
            self.add_transceivers();
            self.put_tracks().await?;
        }
        if !restart_ice {
            return self.set_local(JsValue::UNDEFINED).await;
        }
        let options = RtcOfferOptions::new();
        options.set_ice_restart(true);
        let offer = JsFuture::from(self.connection.create_offer_with_rtc_offer_options(&options))
            .await
            .map_err(BrowserError::of("createOffer"))?;
        self.set_local(offer).await
    }

    async fn take_offer(&self, sdp: &str) -> Result<String, BrowserError> {
        self.set_remote(RtcSdpType::Offer, sdp).await?;
        for transceiver in self.transceivers() {
            transceiver.set_direction(RtcRtpTransceiverDirection::Sendrecv);
        }
        self.put_tracks().await?;
        self.set_local(JsValue::UNDEFINED).await
    }

    /// Sets the local description and returns its SDP. Without a description the browser makes the offer or
    /// answer that is due, which saves one round through this thread.
    async fn set_local(&self, description: JsValue) -> Result<String, BrowserError> {
        let description: RtcSessionDescriptionInit = description.unchecked_into();
        JsFuture::from(self.connection.set_local_description(&description))
            .await
            .map_err(BrowserError::of("setLocalDescription"))?;
        let local = self.connection.local_description();
        Ok(local.map(|local| local.sdp()).unwrap_or_default())
    }

    async fn set_remote(&self, kind: RtcSdpType, sdp: &str) -> Result<(), BrowserError> {
        let description = RtcSessionDescriptionInit::new(kind);
        match self.start_kbps.get() {
            Some(kbps) => description.set_sdp(&adapt::starting_at(sdp, kbps)),
            None => description.set_sdp(sdp),
        }
        JsFuture::from(self.connection.set_remote_description(&description))
            .await
            .map_err(BrowserError::of("setRemoteDescription"))?;
        self.note_ufrag(sdp);
        Ok(())
    }

    /// Counts an ICE restart, whichever side began it: in a restart both sides change their user fragments.
    fn note_ufrag(&self, sdp: &str) {
        let Some(ufrag) = ice_ufrag(sdp) else { return };
        let before = self.remote_ufrag.replace(Some(ufrag.to_owned()));
        if before.is_some_and(|before| before != ufrag) {
            self.ice_restarts.set(self.ice_restarts.get() + 1);
        }
    }

    async fn add_candidate(&self, candidate: &Candidate) -> Result<(), BrowserError> {
        let init = RtcIceCandidateInit::new(&candidate.candidate);
        init.set_sdp_mid(candidate.sdp_mid.as_deref());
        init.set_sdp_m_line_index(candidate.sdp_m_line_index);
        JsFuture::from(self.connection.add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init)))
            .await
            .map(|_| ())
            .map_err(BrowserError::of("addIceCandidate"))
    }

    fn transceivers(&self) -> impl Iterator<Item = RtcRtpTransceiver> {
        self.connection.get_transceivers().into_iter().map(JsCast::unchecked_into)
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        self.channel.close();
        self.connection.close();
    }
}

fn configuration(ice: &IceConfig) -> RtcConfiguration {
    let configuration = RtcConfiguration::new();
    let servers = js_sys::Array::new();
    for server in &ice.servers {
        let entry = RtcIceServer::new();
        let urls: js_sys::Array = server.urls.iter().map(|url| JsValue::from_str(url)).collect();
        entry.set_urls(&urls);
        if let (Some(username), Some(credential)) = (&server.username, &server.credential) {
            entry.set_username(username);
            entry.set_credential(credential);
        }
        servers.push(&entry);
    }
    configuration.set_ice_servers(&servers);
    configuration.set_bundle_policy(RtcBundlePolicy::MaxBundle);
    if ice.relay_only {
        configuration.set_ice_transport_policy(RtcIceTransportPolicy::Relay);
    }
    configuration
}

fn listen(
    connection: &RtcPeerConnection,
    channel: &RtcDataChannel,
    streams: [&MediaStream; 2],
    setup_ms: &Rc<Cell<Option<u32>>>,
    on_event: impl Fn(PeerEvent) + Clone + 'static,
) -> [Listener; 4] {
    let (gathered, moved, heard) = (on_event.clone(), on_event.clone(), on_event);
    let (watched, connected) = (connection.clone(), connection.clone());
    let (opened, setup_ms) = (timer::now(), Rc::clone(setup_ms));
    let streams: [MediaStream; 2] = streams.map(Clone::clone);
    [
        Listener::new(connection, "icecandidate", move |event: RtcPeerConnectionIceEvent| {
            if let Some(found) = event.candidate().filter(|found| !found.candidate().is_empty()) {
                gathered(PeerEvent::Candidate(Candidate {
                    candidate: found.candidate(),
                    sdp_mid: found.sdp_mid(),
                    sdp_m_line_index: found.sdp_m_line_index(),
                }));
            }
        }),
        Listener::new(connection, "connectionstatechange", move |_: JsValue| {
            if let Some(path) = path(watched.connection_state()) {
                if path == Path::Connected && setup_ms.get().is_none() {
                    setup_ms.set(u32::try_from(timer::now().since(opened).as_millis()).ok());
                }
                moved(PeerEvent::Path(path));
            }
        }),
        Listener::new(connection, "track", move |event: RtcTrackEvent| {
            let place = connected.get_transceivers().index_of(&event.transceiver(), 0);
            let of_screen = usize::try_from(place).is_ok_and(|place| place >= SCREEN);
            streams[usize::from(of_screen)].add_track(&event.track());
        }),
        Listener::new(channel, "message", move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard(PeerEvent::Data(text));
            }
        }),
    ]
}

fn path(state: RtcPeerConnectionState) -> Option<Path> {
    match state {
        RtcPeerConnectionState::New | RtcPeerConnectionState::Connecting => Some(Path::Connecting),
        RtcPeerConnectionState::Connected => Some(Path::Connected),
        RtcPeerConnectionState::Disconnected => Some(Path::Interrupted),
        RtcPeerConnectionState::Failed => Some(Path::Failed),
        _ => None,
    }
}

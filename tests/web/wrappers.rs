//! The wrappers around browser APIs: they work, and release what they hold.

use futures::{StreamExt, channel::mpsc};
use leptos::prelude::document;
use parley::{
    browser::{
        choices::{Device, DeviceKind, means_another},
        devices::Devices,
        listener::Listener,
        peer::{PeerConnection, PeerEvent},
        stage::Stage,
        timer::{self, Timer},
    },
    call::lines::Lines,
};
use parley_core::{
    peer::{Command, CommandFailed, Event, Output, Path, Peer},
    phone::MediaKind,
    time::{Duration, Instant},
};
use parley_protocol::{DeviceId, rest::IceConfig};
use std::{cell::Cell, rc::Rc};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    Event as DomEvent, EventTarget, HtmlVideoElement, MediaStream, MediaStreamTrack, MediaStreamTrackState,
};

#[wasm_bindgen_test]
fn a_chosen_device_is_taken_again_and_the_systems_choice_followed() {
    let mic = |id: &str, label: &str| Device { kind: DeviceKind::Mic, id: id.into(), label: label.into() };
    let (built_in, headset) = (mic("1", "Built-in"), mic("2", "Headset"));
    let both = [built_in.clone(), headset.clone()];
    assert!(means_another(&built_in, Some("2"), &both), "the headset is back");
    assert!(!means_another(&headset, Some("2"), &both));
    assert!(!means_another(&built_in, Some("2"), &both[..1]), "it is still away");
    assert!(!means_another(&built_in, None, &both), "nobody asked for the headset");
    let camera = Device { kind: DeviceKind::Camera, ..headset.clone() };
    assert!(!means_another(&built_in, Some("2"), &[built_in.clone(), camera]), "that is no microphone");
    let favourite = |name: &str| mic("default", &format!("Default - {name}"));
    assert!(means_another(&favourite("Built-in"), None, &[favourite("Headset"), headset.clone()]));
    assert!(!means_another(&favourite("Headset"), None, &[favourite("Headset"), headset]));
    assert!(!means_another(&built_in, None, &[]), "nothing is known");
}

#[wasm_bindgen_test]
fn a_listener_hears_until_it_is_dropped() {
    let target = EventTarget::new().unwrap();
    let heard = Rc::new(Cell::new(0));
    let count = Rc::clone(&heard);
    let listener = Listener::new(&target, "ring", move |_: JsValue| count.set(count.get() + 1));
    let ring = || target.dispatch_event(&DomEvent::new("ring").unwrap()).unwrap();
    ring();
    ring();
    drop(listener);
    ring();
    assert_eq!(heard.get(), 2);
    assert_eq!(Rc::strong_count(&heard), 1, "what the listener held is gone as well");
}

#[wasm_bindgen_test]
async fn a_timer_that_is_dropped_does_not_go_off() {
    let (sender, mut due) = mpsc::unbounded();
    let after = |ms: u64, name: &'static str| {
        let sender = sender.clone();
        Timer::after(Duration::from_millis(ms), move || drop(sender.unbounded_send(name))).unwrap()
    };
    let early = after(0, "early");
    let _late = after(20, "late");
    drop(early);
    assert_eq!(due.next().await, Some("late"));
}

#[wasm_bindgen_test]
async fn the_camera_light_goes_out() {
    let devices = Devices::default();
    let request = devices.request(true, true);
    let taken = devices.take(&request, request.answer().await, |_| {});
    assert_eq!(taken, [(MediaKind::Mic, Ok(())), (MediaKind::Camera, Ok(()))]);
    let (mic, camera) = (devices.track(MediaKind::Mic).unwrap(), devices.track(MediaKind::Camera).unwrap());
    assert_eq!(mic.ready_state(), MediaStreamTrackState::Live);
    assert!(devices.own_picture().is_some());

    devices.mute(true);
    assert!(!mic.enabled());
    devices.stop(MediaKind::Camera);
    assert_eq!(camera.ready_state(), MediaStreamTrackState::Ended);
    assert_eq!(mic.ready_state(), MediaStreamTrackState::Live);
    assert!(devices.own_picture().is_none());

    devices.release();
    assert_eq!(mic.ready_state(), MediaStreamTrackState::Ended);
}

#[wasm_bindgen_test]
async fn dropped_devices_are_off_too() {
    let devices = Devices::default();
    let request = devices.request(false, true);
    devices.take(&request, request.answer().await, |_| {});
    let camera = devices.track(MediaKind::Camera).unwrap();
    drop(devices);
    assert_eq!(camera.ready_state(), MediaStreamTrackState::Ended);
}

#[wasm_bindgen_test]
async fn devices_that_come_after_the_release_are_not_taken() {
    let devices = Devices::default();
    let request = devices.request(true, true);
    let acquired = request.answer().await;
    let tracks: Vec<_> = acquired.iter().map(|(_, track)| Clone::clone(track.as_ref().unwrap())).collect();
    devices.release();
    assert!(devices.take(&request, acquired, |_| {}).is_empty());
    assert!(devices.track(MediaKind::Camera).is_none());
    assert!(tracks.iter().all(|track| track.ready_state() == MediaStreamTrackState::Ended));
}

#[wasm_bindgen_test]
fn element_and_stream_find_one_another_in_either_order() {
    let stage = Stage::default();
    let element = || document().create_element("video").unwrap().unchecked_into::<HtmlVideoElement>();
    let (first, second) = (element(), element());
    let stream = MediaStream::new().unwrap();
    stage.put_element("one", 1, Clone::clone(&first));
    stage.put_stream("one", Clone::clone(&stream));
    stage.put_stream("two", Clone::clone(&stream));
    stage.put_element("two", 2, Clone::clone(&second));
    assert_eq!(first.src_object().as_ref(), Some(&stream));
    assert_eq!(second.src_object().as_ref(), Some(&stream));
    stage.take_stream("one");
    assert!(first.src_object().is_none());
    assert!(second.src_object().is_some());
}

#[wasm_bindgen_test]
fn an_element_that_has_left_plays_nothing_any_more_bug() {
    let stage = Stage::default();
    let element = || document().create_element("video").unwrap().unchecked_into::<HtmlVideoElement>();
    let (first, second) = (element(), element());
    stage.put_element("one", 1, Clone::clone(&first));
    stage.put_stream("one", MediaStream::new().unwrap());
    stage.take_element("one", 1);
    assert!(first.src_object().is_none());
    stage.put_stream("one", MediaStream::new().unwrap());
    assert!(first.src_object().is_none(), "the same person calls again");
    stage.put_element("one", 2, Clone::clone(&second));
    stage.take_element("one", 1);
    assert!(second.src_object().is_some(), "the first went after the second came");
}

#[wasm_bindgen_test]
fn a_picture_that_may_not_play_yet_plays_on_resume() {
    let stage = Stage::default();
    let element: HtmlVideoElement = document().create_element("video").unwrap().unchecked_into();
    stage.put_element("one", 1, Clone::clone(&element));
    stage.resume();
    assert!(element.paused(), "there is nothing to play");
    stage.put_stream("one", MediaStream::new().unwrap());
    element.pause().unwrap();
    stage.resume();
    assert!(!element.paused());
}

/// One of two ends on this page: the peer machine, and the connection that it commands.
struct End {
    machine: Peer,
    connection: PeerConnection,
    up: bool,
    heard: Vec<String>,
}

fn two_ends() -> ([End; 2], mpsc::UnboundedReceiver<(usize, PeerEvent)>) {
    let (sender, events) = mpsc::unbounded();
    let open = |side: usize, machine: Peer| {
        let sender = sender.clone();
        let report = move |event| drop(sender.unbounded_send((side, event)));
        let connection = PeerConnection::open(&IceConfig::default(), report).unwrap();
        End { machine, connection, up: false, heard: Vec::new() }
    };
    ([open(0, Peer::calling(Instant(0))), open(1, Peer::called())], events)
}

/// Runs both ends until the condition holds.
async fn talk(
    ends: &mut [End; 2],
    events: &mut mpsc::UnboundedReceiver<(usize, PeerEvent)>,
    until: impl Fn(&[End; 2]) -> bool,
) {
    loop {
        for side in 0..2 {
            while let Some(output) = ends[side].machine.poll() {
                match output {
                    Output::Command(command) => {
                        let result = ends[side].connection.run(command).await.map_err(|_| CommandFailed);
                        ends[side].machine.handle(timer::now(), Event::Done(result));
                    }
                    Output::Signal(signal) => {
                        ends[1 - side].machine.handle(timer::now(), Event::Signal(signal));
                    }
                    Output::Up(up) => ends[side].up = up,
                    Output::Broken | Output::Dead => panic!("broken"),
                }
            }
            ends[side].machine.tick(timer::now() + Duration::from_millis(50));
        }
        if until(ends) {
            return;
        }
        if ends.iter().all(|end| end.machine.is_settled()) {
            let (side, event) = events.next().await.unwrap();
            match event {
                PeerEvent::Candidate(candidate) => {
                    ends[side].machine.handle(timer::now(), Event::Candidate(candidate));
                }
                PeerEvent::Path(path) => ends[side].machine.handle(timer::now(), Event::Path(path)),
                PeerEvent::Data(text) => ends[side].heard.push(text),
            }
        }
    }
}

/// A script that records the remote descriptions given to the browser, until `RESTORE`.
const LISTEN: &str = "
    const peers = RTCPeerConnection.prototype;
    window.__told = { descriptions: [], native: peers.setRemoteDescription };
    peers.setRemoteDescription = function (description) {
      window.__told.descriptions.push(`${description.type} ${description.sdp}`);
      return window.__told.native.call(this, description);
    };
";
const RESTORE: &str = "
    RTCPeerConnection.prototype.setRemoteDescription = window.__told.native;
    window.__told.descriptions.join('====');
";

#[wasm_bindgen_test]
async fn a_connection_states_a_start_bitrate_if_it_has_one() {
    js_sys::eval(LISTEN).unwrap();
    let (mut ends, mut events) = two_ends();
    ends[0].connection.begins_among(1);
    talk(&mut ends, &mut events, |ends| ends.iter().all(|end| end.up)).await;
    let told = js_sys::eval(RESTORE).unwrap().as_string().unwrap();
    let of = |kind: &str| told.split("====").find(|told| told.starts_with(kind)).unwrap();
    assert!(of("answer").contains("x-google-start-bitrate=1500"));
    assert!(!of("offer").contains("x-google-start-bitrate"), "the other end was not told");
}

#[wasm_bindgen_test]
async fn two_connections_find_one_another_and_let_go() {
    let (mut ends, mut events) = two_ends();
    talk(&mut ends, &mut events, |ends| ends.iter().all(|end| end.up)).await;
    assert_eq!(ends[1].connection.stream().get_tracks().length(), 2, "agreed on before any track is sent");
    assert_eq!(ends[1].connection.screen().get_tracks().length(), 2, "the screen has a stream of its own");

    // The data channel opens a moment after the connection. Until then messages are dropped, so the greeting
    // is repeated.
    let greeting = |ends: &[End; 2]| {
        ends[0].connection.send_data("hello");
        ends[1].heard.first().is_some_and(|text| text == "hello")
    };
    let devices = Devices::default();
    let request = devices.request(true, true);
    devices.take(&request, request.answer().await, |_| {});
    let (audio, video) = (devices.track(MediaKind::Mic), devices.track(MediaKind::Camera));
    ends[0].connection.send_tracks([audio, video, None, None]).await.unwrap();
    while !greeting(&ends) {
        let (side, event) = next_event(&mut events).await;
        if let PeerEvent::Data(text) = event {
            ends[side].heard.push(text);
        }
    }

    let [first, _second] = ends;
    drop(first);
    loop {
        let (side, event) = next_event(&mut events).await;
        if side == 1 && matches!(event, PeerEvent::Path(Path::Interrupted | Path::Failed)) {
            break;
        }
    }
}

/// Waits for the next event of either connection. After 20 ms without one it returns an event that changes
/// nothing.
async fn next_event(events: &mut mpsc::UnboundedReceiver<(usize, PeerEvent)>) -> (usize, PeerEvent) {
    let (wake, mut woken) = mpsc::unbounded();
    let _timer = Timer::after(Duration::from_millis(20), move || drop(wake.unbounded_send(())));
    futures::select! {
        event = events.next() => event.unwrap(),
        _ = woken.next() => (0, PeerEvent::Path(Path::Connecting)),
    }
}

#[wasm_bindgen_test]
async fn tracks_that_are_given_before_the_first_exchange_are_sent_after_it() {
    let (mut ends, mut events) = two_ends();
    let devices = Devices::default();
    let request = devices.request(true, true);
    devices.take(&request, request.answer().await, |_| {});
    let (audio, video) = (devices.track(MediaKind::Mic), devices.track(MediaKind::Camera));
    ends[1].connection.send_tracks([audio, video, None, None]).await.unwrap();
    talk(&mut ends, &mut events, |ends| ends.iter().all(|end| end.up)).await;
    let picture = ends[0].connection.stream().get_video_tracks().get(0);
    let picture: MediaStreamTrack = picture.unchecked_into();
    // A remote track is muted until its first packet has arrived.
    while picture.muted() {
        next_event(&mut events).await;
    }
}

#[wasm_bindgen_test]
async fn a_prepared_connection_reports_for_the_device_that_it_is_given() {
    let (sender, mut events) = mpsc::unbounded();
    let lines = Lines::new(move |device, event| drop(sender.unbounded_send((device, event))));
    let device = DeviceId(Uuid::from_u128(7));
    lines.prepare(IceConfig::default(), true).unwrap();
    let line = lines.open(device, IceConfig::default()).unwrap();
    let sdp = line.run(Command::MakeOffer { restart_ice: false }).await.unwrap().unwrap();
    assert_eq!(sdp.matches("m=").count(), 5, "microphone, camera, screen, its sound, data: {sdp}");
    assert_eq!(events.next().await.unwrap().0, device);
}

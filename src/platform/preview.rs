//! A look at microphone and camera outside of a call, and what is in the way of them.

use crate::browser::{
    choices::{self, DeviceKind},
    listener::Listener,
    media::{self, Track},
    permission::{self, Permission},
    preview::{Meter, Shown, SpeakerTest},
};
use leptos::{html::Video, prelude::*, task::spawn_local};
use parley_core::{
    alert::Ringtone,
    phone::{MediaFault, MediaKind},
};
use std::time::Duration;

pub use crate::browser::permission::Maker;

/// How often the meter moves.
const TICK: Duration = Duration::from_millis(60);

/// Why there is no sound, or no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The person has said no to this site.
    Denied,
    /// The question went away without an answer.
    Dismissed,
    /// The browser may, but the system does not let it.
    System,
    InUse,
    Absent,
    /// The page did not come over a secure connection.
    Insecure,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lens {
    #[default]
    Off,
    Starting,
    On,
    Failed(Trouble),
}

#[derive(Clone, Copy)]
pub struct Preview {
    mic: RwSignal<Lens>,
    camera: RwSignal<Lens>,
    level: RwSignal<f32>,
    element: RwSignal<Option<NodeRef<Video>>>,
    held: StoredValue<Held, LocalStorage>,
}

/// Dropping any of it lets go of it.
#[derive(Default)]
struct Held {
    mic: Option<(Track, Option<Meter>)>,
    camera: Option<(Track, Option<Shown>)>,
    speakers: Option<SpeakerTest>,
    decisions: Vec<Listener>,
    /// Grows when all is let go of, so that what was asked for before is not taken.
    era: u32,
}

impl Preview {
    /// Everything is off, and off again when the reactive owner is gone.
    #[expect(clippy::new_without_default, reason = "makes signals, so it belongs to whoever calls it")]
    pub fn new() -> Self {
        let preview = Self {
            mic: RwSignal::default(),
            camera: RwSignal::default(),
            level: RwSignal::new(0.0),
            element: RwSignal::new(None),
            held: StoredValue::new_local(Held::default()),
        };
        if let Ok(timer) = set_interval_with_handle(move || preview.measure(), TICK) {
            on_cleanup(move || timer.clear());
        }
        on_cleanup(move || preview.close());
        preview.ask_again_when_decided();
        preview
    }

    pub fn mic(self) -> Signal<Lens> {
        self.mic.into()
    }

    pub fn camera(self) -> Signal<Lens> {
        self.camera.into()
    }

    /// How loud it is, between 0 and 1.
    pub fn level(self) -> Signal<f32> {
        self.level.into()
    }

    /// Where the own picture goes.
    pub fn show(self, element: NodeRef<Video>) {
        self.element.set(Some(element));
    }

    /// Asks for both at once, so that the person is asked once.
    pub fn open(self, mic: bool, camera: bool) {
        for (wanted, lens) in [(mic, self.mic), (camera, self.camera)] {
            if wanted {
                lens.try_set(Lens::Starting);
            }
        }
        let era = self.era();
        spawn_local(async move {
            for (kind, result) in media::acquire(mic, camera).await {
                let track = result.map(|track| Track::new(track, move || self.lost(kind)));
                match track {
                    // Nobody waits for it any longer: dropping it turns it off.
                    _ if self.era() != era => {}
                    Ok(track) => self.take(kind, track),
                    Err(fault) => {
                        let trouble = trouble(kind, fault).await;
                        self.lens(kind).try_set(Lens::Failed(trouble));
                    }
                }
            }
        });
    }

    /// Turns one off.
    pub fn stop(self, kind: MediaKind) {
        self.held.try_update_value(|held| match kind {
            MediaKind::Mic => held.mic = None,
            MediaKind::Camera => held.camera = None,
        });
        self.lens(kind).try_set(Lens::Off);
    }

    /// Everything off.
    pub fn close(self) {
        self.held.try_update_value(|held| *held = Held { era: held.era + 1, ..Held::default() });
        self.mic.try_set(Lens::Off);
        self.camera.try_set(Lens::Off);
    }

    /// Uses this one from then on.
    pub fn choose(self, kind: DeviceKind, id: &str) {
        choices::choose(kind, id);
        // What is off stays off until it is tried.
        let tried = |lens: RwSignal<Lens>| lens.get_untracked() != Lens::Off;
        match kind {
            DeviceKind::Mic if tried(self.mic) => self.open(true, false),
            DeviceKind::Camera if tried(self.camera) => self.open(false, true),
            DeviceKind::Speaker => self.test_speakers(),
            DeviceKind::Mic | DeviceKind::Camera => {}
        }
    }

    /// Plays a few notes where calls will be heard.
    pub fn test_speakers(self) {
        self.held.try_update_value(|held| {
            held.speakers = None;
            held.speakers = SpeakerTest::play(Ringtone::Rise.sound().notes);
        });
    }

    fn take(self, kind: MediaKind, track: Track) {
        let element = self.element.get_untracked().and_then(|element| element.get_untracked());
        self.held.try_update_value(|held| match kind {
            MediaKind::Mic => {
                let meter = Meter::of(&track.raw());
                held.mic = Some((track, meter));
            }
            MediaKind::Camera => {
                let shown = element.map(|element| Shown::new(element, &track));
                held.camera = Some((track, shown));
            }
        });
        self.lens(kind).try_set(Lens::On);
    }

    fn lost(self, kind: MediaKind) {
        self.stop(kind);
        self.lens(kind).try_set(Lens::Failed(Trouble::Absent));
    }

    fn measure(self) {
        let level = self.held.try_with_value(|held| {
            held.mic.as_ref().and_then(|(_, meter)| meter.as_ref()).map_or(0.0, Meter::level)
        });
        // Falls slower than it rises, which is easier to read.
        if let (Some(level), Some(before)) = (level, self.level.try_get_untracked()) {
            let now = level.max(before * 0.85);
            if (now - before).abs() > 0.005 {
                self.level.try_set(now);
            }
        }
    }

    /// A refusal that is taken back shows at once.
    fn ask_again_when_decided(self) {
        let era = self.era();
        for kind in [MediaKind::Mic, MediaKind::Camera] {
            spawn_local(async move {
                let again = move || {
                    let failed = matches!(self.lens(kind).try_get_untracked(), Some(Lens::Failed(_)));
                    if failed {
                        self.open(kind == MediaKind::Mic, kind == MediaKind::Camera);
                    }
                };
                let listener = permission::on_change(name(kind), again).await;
                if self.era() == era {
                    self.held.try_update_value(|held| held.decisions.extend(listener));
                }
            });
        }
    }

    fn lens(self, kind: MediaKind) -> RwSignal<Lens> {
        match kind {
            MediaKind::Mic => self.mic,
            MediaKind::Camera => self.camera,
        }
    }

    fn era(self) -> Option<u32> {
        self.held.try_with_value(|held| held.era)
    }
}

/// Whose browser it is: the way to its settings differs.
pub fn maker() -> Maker {
    permission::maker()
}

/// Whether the browser is going to ask as soon as a device is wanted, kept up to date: a click must not wait for it.
#[derive(Clone, Copy)]
pub struct Questions {
    mic: RwSignal<bool>,
    camera: RwSignal<bool>,
    listeners: StoredValue<Vec<Listener>, LocalStorage>,
}

impl Questions {
    /// Where nothing is known, it does not ask.
    pub fn watch() -> Self {
        let questions = Self {
            mic: RwSignal::new(false),
            camera: RwSignal::new(false),
            listeners: StoredValue::new_local(Vec::new()),
        };
        for kind in [MediaKind::Mic, MediaKind::Camera] {
            let look = move || {
                spawn_local(async move {
                    let asks = permission::device(name(kind)).await == Permission::Prompt;
                    questions.of(kind).try_set(asks);
                });
            };
            look();
            spawn_local(async move {
                let listener = permission::on_change(name(kind), look).await;
                questions.listeners.try_update_value(|listeners| listeners.extend(listener));
            });
        }
        questions
    }

    pub fn will_come(self, video: bool) -> bool {
        self.mic.get_untracked() || (video && self.camera.get_untracked())
    }

    fn of(self, kind: MediaKind) -> RwSignal<bool> {
        match kind {
            MediaKind::Mic => self.mic,
            MediaKind::Camera => self.camera,
        }
    }
}

fn name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Mic => "microphone",
        MediaKind::Camera => "camera",
    }
}

async fn trouble(kind: MediaKind, fault: MediaFault) -> Trouble {
    match fault {
        _ if !permission::is_secure() => Trouble::Insecure,
        MediaFault::NotFound => Trouble::Absent,
        MediaFault::InUse => Trouble::InUse,
        MediaFault::Other => Trouble::Other,
        MediaFault::Denied => match permission::device(name(kind)).await {
            Permission::Granted => Trouble::System,
            Permission::Prompt => Trouble::Dismissed,
            Permission::Denied | Permission::Unknown => Trouble::Denied,
        },
    }
}

//! The device preview outside of a call: microphone, camera and speakers, and the troubles with them.

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

/// The interval at which the meter is read.
const TICK: Duration = Duration::from_millis(60);

/// The reason why a device gives no sound or no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The person has denied this site the device.
    Denied,
    /// The person has dismissed the browser's question.
    Dismissed,
    /// The site has the permission, but the operating system denies it to the browser.
    System,
    InUse,
    Absent,
    /// The page did not come over a secure connection.
    Insecure,
    Other,
}

/// The state of one device in the preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lens {
    #[default]
    Off,
    Starting,
    On,
    Failed(Trouble),
}

/// A preview, which belongs to the reactive owner that made it.
#[derive(Clone, Copy)]
pub struct Preview {
    mic: RwSignal<Lens>,
    camera: RwSignal<Lens>,
    level: RwSignal<f32>,
    element: RwSignal<Option<NodeRef<Video>>>,
    held: StoredValue<Held, LocalStorage>,
}

/// The open devices. Dropping a field closes what it holds.
#[derive(Default)]
struct Held {
    mic: Option<(Track, Option<Meter>)>,
    camera: Option<(Track, Option<Shown>)>,
    speakers: Option<SpeakerTest>,
    decisions: Vec<Listener>,
    /// Counts closings. An answer from before a closing finds another number and is not taken.
    era: u32,
}

impl Preview {
    /// Makes a preview with all devices off. It is closed when the reactive owner is cleaned up.
    #[expect(clippy::new_without_default, reason = "its signals belong to the caller's owner")]
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

    /// Returns the level of the microphone, between 0 and 1.
    pub fn level(self) -> Signal<f32> {
        self.level.into()
    }

    /// Sets the element that shows the camera.
    pub fn show(self, element: NodeRef<Video>) {
        self.element.set(Some(element));
    }

    /// Opens devices. Both are asked for in one request, so that the person sees one question.
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
                    // The preview was closed meanwhile; dropping the track ends it.
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

    /// Turns one device off.
    pub fn stop(self, kind: MediaKind) {
        self.held.try_update_value(|held| match kind {
            MediaKind::Mic => held.mic = None,
            MediaKind::Camera => held.camera = None,
        });
        self.lens(kind).try_set(Lens::Off);
    }

    /// Turns all devices off.
    pub fn close(self) {
        self.held.try_update_value(|held| *held = Held { era: held.era + 1, ..Held::default() });
        self.mic.try_set(Lens::Off);
        self.camera.try_set(Lens::Off);
    }

    /// Chooses a device, and switches to it if one of its kind is in use.
    pub fn choose(self, kind: DeviceKind, id: &str) {
        choices::choose(kind, id);
        // A device that is off stays off until the person tries it.
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
        // The level falls more slowly than it rises, which is easier to read.
        if let (Some(level), Some(before)) = (level, self.level.try_get_untracked()) {
            let now = level.max(before * 0.85);
            if (now - before).abs() > 0.005 {
                self.level.try_set(now);
            }
        }
    }

    /// Opens a failed device again when the person changes its permission.
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

/// Returns the browser's family, for the directions to its permission settings.
pub fn maker() -> Maker {
    permission::maker()
}

/// The expectation of the browser's permission questions. It is kept up to date, because a click that starts
/// a call cannot wait for the answer.
#[derive(Clone, Copy)]
pub struct Questions {
    mic: RwSignal<bool>,
    camera: RwSignal<bool>,
    listeners: StoredValue<Vec<Listener>, LocalStorage>,
}

impl Questions {
    /// Watches the permissions. While nothing is known, no question is expected.
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

    /// Tells whether a call of this kind would make the browser ask.
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

/// Finds the trouble behind a fault. Browsers report every denial as the same error; the state of the
/// permission tells denials apart.
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

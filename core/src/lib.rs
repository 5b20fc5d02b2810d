//! Parley's decisions as state machines: the life of a call, the negotiation between two devices, and
//! everything that a device shows, plays and sends because of them.
//!
//! The crate is sans-IO. It has no clock, no randomness, no async, and it touches neither network nor storage
//! nor browser. Time and ids come in as arguments, and effects go out as plain values that a shell carries
//! out. So a race between devices can be written down as a list of inputs and tested without a browser or a
//! server.
//!
//! # The run loop
//!
//! [`phone::Phone`] shows the contract between a machine and its shell; the machines below it follow the same
//! idea with fewer steps.
//!
//! ```text
//! loop {
//!     phone.handle(clock.now(), input);
//!     while let Some(output) = phone.poll() {
//!         carry_out(output);
//!     }
//!     show(phone.screen());
//!     input = first_of(next_input(), sleep_until(phone.deadline()).then(Input::Tick));
//! }
//! ```
//!
//! 1. **Mutate.** `handle` applies exactly one input. It never blocks and never fails: an input that makes no
//!    sense in the present state is ignored.
//! 2. **Drain.** `poll` hands the effects out in order until it returns `None`. They must be carried out in
//!    that order and before the next input. Work that takes time (a request, `createOffer`) runs beside the
//!    loop, and its result enters as another input; nothing calls `handle` from inside the drain.
//! 3. **Show.** Getters such as `screen` describe the state after the input. They are cheap and have no
//!    effect.
//! 4. **Wait** for the next input or for `deadline`, whichever is first. A passed deadline is delivered as a
//!    tick. An early or a late tick does no harm, but a missing one leaves a ring or a retry hanging. The
//!    deadline may change with every input, so it is asked for anew each time.
//!
//! # The machines
//!
//! - [`call::Call`] is the authority on one call: who rings, who is in, when it is over. The server owns it,
//!   and restores it from the stored record for each input.
//! - [`phone::Phone`] is one tab's side of calls: what it shows, whom it connects to, and when its tracks may
//!   be sent. The driver owns it, with [`phone::ConnectionPacer`], which opens one connection per task of the
//!   page, and [`phone::RoomReveal`], which holds a room back until there is something to see.
//! - [`peer::Peer`] is the negotiation with one remote device: offers that cross, lost signals, ICE restarts,
//!   dead connections. The phone owns one for each device. In it an inbox keeps the signals that came while
//!   the browser was busy.
//! - [`layout::RoomLayout`], [`speakers::Speakers`] and [`adapt::Adapt`] belong to the tiles of a room: where
//!   each tile stands, who speaks, and what is sent to each device.
//! - [`quality::Quality`], [`talk::Talk`] and [`speakers::Hints`] belong to the extras of a room: how good
//!   the connections are, whether the microphone is open, and what its person should know about it.
//! - [`notices::Notices`] belongs to the page: which toasts are shown, and for how long.
//!
//! [`alert`] and [`sound`] keep no state: the one chooses the sound for a change of the screen, the other
//! renders it. The smaller machines return their outputs straight from `handle`. [`call::Call`] does so too:
//! it returns the events that the server stores and publishes, and its deadline is stored with the record.
//!
//! # How they meet
//!
//! Apart from the phone and its peers no machine calls another. They meet in the driver of the page
//! (`src/call/`), which copies facts from one to the next:
//!
//! - All that concerns a call enters the queue of `driver.rs` as a [`phone::Input`]. The phone wraps
//!   the commands of its peers as [`phone::Output::Peer`], and their events come back as
//!   [`phone::Input::Peer`].
//! - `tiles.rs` runs five times a second. Loudness goes to the speakers, their main speaker to the layout,
//!   and the layout's tile sizes over the data channels to the other devices. Those keep them in their phones
//!   ([`phone::Phone::audience`]), from where they reach `adapt`, which plans what is worth sending.
//! - `extras.rs` samples `getStats` every two seconds for `quality`. Its readings go to the indicator, to the
//!   server, and to `adapt`.
//!
//! Two phones and the server's machine meet in the same way in the tests of `core/tests/pair`, over a network
//! that loses, delays and repeats.

pub mod adapt;
pub mod alert;
pub mod call;
pub mod layout;
pub mod notices;
pub mod peer;
pub mod phone;
pub mod quality;
pub mod sound;
pub mod speakers;
pub mod talk;
#[cfg(test)]
mod testing;
pub mod time;

//! Parley's decisions: who is called, who has answered, how two devices find one another.
//!
//! Every machine here is fed with inputs and asked for outputs. There is no clock, no randomness, no IO
//! and no async: time and ids come in as arguments, effects go out as values. The server runs [`call`],
//! every device runs [`phone`], which runs one [`peer`] for each device that it is connected to. What is seen
//! and heard in a room is decided beside them, each part for itself: [`layout`], [`speakers`], [`talk`],
//! [`notices`], [`quality`], [`adapt`]; [`sound`] makes of an [`alert`] what is heard.

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

//! Ids for the tests of several machines.

use parley_protocol::{DeviceId, UserId};

pub fn device(n: u32) -> DeviceId {
    uuid(n).parse().unwrap()
}

pub fn user(n: u32) -> UserId {
    uuid(n).parse().unwrap()
}

fn uuid(n: u32) -> String {
    format!("00000000-0000-0000-0000-{n:012}")
}

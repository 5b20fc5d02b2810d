//! One direction of a connection in numbers: what a score is made of, and a part of each reading.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    /// In thousandths; none when too little was sent to say.
    pub loss: Option<u16>,
    pub jitter_ms: Option<u32>,
    pub kbps: u32,
}

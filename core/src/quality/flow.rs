//! The numbers of one direction of a connection, which a score is computed from.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flow {
    /// The loss in thousandths; `None` when too little was sent to tell.
    pub loss: Option<u16>,
    pub jitter_ms: Option<u32>,
    pub kbps: u32,
}

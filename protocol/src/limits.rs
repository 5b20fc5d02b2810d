//! Limits that both sides must agree on. `docs/protocol.md` lists them with their values.

/// Largest frame on the socket, and largest JSON body, in bytes.
pub const FRAME_MAX_BYTES: usize = 64 * 1024;
/// Longest display name, in visible characters.
pub const NAME_MAX_CHARS: usize = 64;
/// Longest text message, in characters.
pub const MESSAGE_MAX_CHARS: usize = 4_000;
/// Most people in a group, including the invited ones.
pub const GROUP_MAX: usize = 100;
/// Most links into one group that can be used at the same time.
pub const LINKS_MAX: usize = 20;
/// Longest life of a link into a group, in hours.
pub const LINK_MAX_HOURS: u32 = 2_160;
/// Most people that one link into a group can let in.
pub const LINK_MAX_USES: u32 = 1_000;
/// Most links to one person that can be used at the same time.
pub const OWN_LINKS_MAX: usize = 100;
/// Most people that one person can block.
pub const BLOCKS_MAX: usize = 1_000;
/// Largest picture of a person, in bytes.
pub const PICTURE_MAX_BYTES: usize = 64 * 1024;
/// Largest picture of a person, in pixels of each side.
pub const PICTURE_MAX_SIDE: u32 = 512;
/// Longest session description, in bytes.
pub const SDP_MAX_BYTES: usize = 32 * 1024;
/// Longest ICE candidate line, in bytes.
pub const CANDIDATE_MAX_BYTES: usize = 512;
/// Most ICE candidates in one signal.
pub const CANDIDATES_MAX: usize = 32;
/// Most devices of the callees that a caller's device connects to while it rings.
pub const PRECONNECT_MAX: usize = 3;
/// Most people in a full mesh.
pub const MESH_MAX: usize = 8;
/// Most quality samples in one report.
pub const QUALITY_SAMPLES_MAX: usize = 64;
/// Most connections in one report.
pub const CONNECTION_REPORTS_MAX: usize = 16;
/// Largest number in a quality sample.
pub const MEASURE_MAX: u32 = 10_000_000;
/// Longest name of a codec, in characters.
pub const CODEC_MAX_CHARS: usize = 32;
/// Most tags in one rating of a call.
pub const FEEDBACK_TAGS_MAX: usize = 8;
/// Longest tag, in characters.
pub const FEEDBACK_TAG_MAX_CHARS: usize = 32;
/// Longest comment on a call, in characters.
pub const FEEDBACK_COMMENT_MAX_CHARS: usize = 1_000;
/// Most log entries of a call that are sent with it; older ones are stored but not sent.
pub const CALL_LOG_MAX: usize = 1_000;
/// Most rows in one page of a list.
pub const PAGE_MAX: u32 = 100;
/// Interval between a client's pings, in milliseconds.
pub const HEARTBEAT_MS: u64 = 10_000;
/// Silence after which a socket counts as dead, in milliseconds.
pub const SOCKET_DEAD_MS: u64 = 15_000;

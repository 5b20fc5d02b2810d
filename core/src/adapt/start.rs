//! The start bitrate of a connection, before the browser has measured its line.
//!
//! Browsers begin at some 300 kbit/s and hold packets back accordingly. So the first picture, a key frame and
//! therefore large, travels for longer than the connection took to make. A first guess that fits a call for
//! two brings it sooner. It is only a guess: congestion control corrects it within the first round trips.

use std::fmt::Write;

/// The start bitrate to one other person, of which several get a share each.
const KBPS: u32 = 1_500;
/// The start bitrate below which the browser's own guess is as good.
const WORTH_KBPS: u32 = 400;
/// The names in a video section that are no codecs of pictures, but repair lost packets.
const NO_PICTURES: [&str; 4] = ["rtx", "red", "ulpfec", "flexfec-03"];

/// Returns the start bitrate to each of so many people; `None` to leave it to the browser.
pub fn start_kbps(people: usize) -> Option<u32> {
    let share = KBPS / u32::try_from(people.max(1)).unwrap_or(u32::MAX);
    (share >= WORTH_KBPS).then_some(share)
}

/// Adds the start bitrate to a remote description. Chromium reads it from the parameters of a codec; other
/// browsers ignore it.
pub fn starting_at(sdp: &str, kbps: u32) -> String {
    let mut out = String::with_capacity(sdp.len() + 512);
    for section in sections(sdp) {
        if section.starts_with("m=video") {
            rewrite(section, kbps, &mut out);
        } else {
            out.push_str(section);
        }
    }
    out
}

/// Splits a description into the part before the first `m=` and one section for each `m=`.
fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let mut rest = sdp;
    std::iter::from_fn(move || {
        (!rest.is_empty()).then_some(())?;
        let end = rest.find("\nm=").map_or(rest.len(), |at| at + 1);
        let (section, after) = rest.split_at(end);
        rest = after;
        Some(section)
    })
}

fn rewrite(section: &str, kbps: u32, out: &mut String) {
    for line in section.split_inclusive('\n') {
        let text = line.trim_end();
        let end = &line[text.len()..];
        if parameters_of(text).is_some_and(|payload| is_of_pictures(section, payload)) {
            let _ = write!(out, "{text};x-google-start-bitrate={kbps}{end}");
            continue;
        }
        out.push_str(line);
        if let Some((payload, _)) = mapping(text).filter(|(_, name)| is_picture(name))
            && !end.is_empty()
            && !section.lines().any(|line| parameters_of(line) == Some(payload))
        {
            let _ = write!(out, "a=fmtp:{payload} x-google-start-bitrate={kbps}{end}");
        }
    }
}

/// Checks whether this payload number belongs to a codec of pictures.
fn is_of_pictures(section: &str, payload: &str) -> bool {
    section.lines().filter_map(mapping).any(|(of, name)| of == payload && is_picture(name))
}

fn is_picture(name: &str) -> bool {
    !NO_PICTURES.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Reads the payload number and the codec's name from a line such as `a=rtpmap:96 VP8/90000`.
fn mapping(line: &str) -> Option<(&str, &str)> {
    let (payload, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
    Some((payload, codec.split('/').next()?))
}

/// Reads the payload number from a line of parameters such as `a=fmtp:98 profile-id=0`.
fn parameters_of(line: &str) -> Option<&str> {
    line.strip_prefix("a=fmtp:")?.split_once(' ').map(|(payload, _)| payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDP: &str = "v=0\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n\
        a=fmtp:111 minptime=10\r\nm=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\na=rtpmap:96 VP8/90000\r\n\
        a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";

    #[test]
    fn every_picture_codec_gets_the_bitrate_and_nothing_else_changes() {
        let told = starting_at(SDP, 1_500);
        let news: Vec<&str> = told.lines().filter(|line| !SDP.lines().any(|old| old == *line)).collect();
        assert_eq!(
            news,
            ["a=fmtp:96 x-google-start-bitrate=1500", "a=fmtp:98 profile-id=0;x-google-start-bitrate=1500"]
        );
        let before: Vec<&str> = SDP.lines().filter(|line| *line != "a=fmtp:98 profile-id=0").collect();
        let kept: Vec<&str> = told.lines().filter(|line| !news.contains(line)).collect();
        assert_eq!(kept, before);
        assert!(told.contains("a=rtpmap:96 VP8/90000\r\na=fmtp:96 x-google"), "behind its codec");
    }

    #[test]
    fn a_text_that_is_no_description_stays_unchanged() {
        for odd in [
            "",
            "m",
            "nothing",
            "m=video",
            "m=video\n",
            "\n\n\nm=audio 9",
            "ä=fmtp:9 x\nm=videö",
            "a=fmtp:96 x\n",
            "m=video\na=rtpmap:96 VP8/90000",
        ] {
            assert_eq!(starting_at(odd, 1_000), odd);
        }
    }

    #[test]
    fn several_share_and_many_begin_as_the_browser_does() {
        assert_eq!([1, 2, 3, 4, 7].map(start_kbps), [Some(1_500), Some(750), Some(500), None, None]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_loses_a_character(sdp in "(v=0\r\n|m=video|m=audio|a=rtpmap:|a=fmtp:|96| |VP8/90000|rtx/1|\r\n|\n|é|x){0,40}") {
            let told = starting_at(&sdp, 1_000);
            let mut rest = sdp.chars().peekable();
            for c in told.chars() {
                rest.next_if_eq(&c);
            }
            proptest::prop_assert_eq!(rest.next(), None, "{}", told);
        }
    }
}

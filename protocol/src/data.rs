//! Messages that two devices send each other directly, over the data channel of their connection.
//!
//! They are faster than the way through the server and never replace it: the server sends its own message for
//! every change of a call, so a device that misses a data message only learns of the change later. `shown`
//! and `react` have no such twin: `shown` concerns nobody else, and a reaction is over in a moment.

use crate::{
    CallId,
    call::OwnMedia,
    macros::{tagged, words},
};

words!(
    /// The size at which a device shows a received picture, in device pixels.
    Shown {
        /// No visible picture; the sender may stop sending it.
        Hidden = "hidden",
        /// Up to about 200 pixels high.
        Small = "small",
        /// Up to about 400 pixels high.
        Medium = "medium",
        Large = "large",
    }
);

words!(
    /// A reaction that is shown for a moment.
    Reaction {
        Like = "like",
        Love = "love",
        Laugh = "laugh",
        Surprise = "surprise",
        Clap = "clap",
        Celebrate = "celebrate",
        Fire = "fire",
        Sad = "sad",
    }
);

tagged! {
    pub enum DataMessage by "type" {
        /// The callee clicked *Answer* on this device.
        #[serde(rename = "accept")]
        Accept { call_id: CallId },
        /// The sender has left the call.
        #[serde(rename = "bye")]
        Bye { call_id: CallId },
        /// Microphone and camera of the sender changed.
        #[serde(rename = "media")]
        Media { call_id: CallId, media: OwnMedia },
        /// The sizes at which the sender shows the receiver's camera and screen.
        #[serde(rename = "shown")]
        Shown { call_id: CallId, camera: Shown, screen: Shown },
        #[serde(rename = "react")]
        React { call_id: CallId, reaction: Reaction },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::FRAME_MAX_BYTES;
    use proptest::prelude::*;

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    #[test]
    fn a_message_is_an_object_that_begins_with_its_tag() {
        let text = format!(r#"{{"type":"accept","call_id":"{ID}"}}"#);
        let message: DataMessage = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), text);
        let newer = format!(r#"{{"type":"bye","call_id":"{ID}","reason":"a field of a later version"}}"#);
        assert!(serde_json::from_str::<DataMessage>(&newer).is_ok());
        let shown = format!(r#"{{"type":"shown","call_id":"{ID}","camera":"small","screen":"hidden"}}"#);
        let message: DataMessage = serde_json::from_str(&shown).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), shown);
        let react = format!(r#"{{"type":"react","call_id":"{ID}","reaction":"clap"}}"#);
        let message: DataMessage = serde_json::from_str(&react).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), react);
        for wrong in [
            format!(r#"{{"call_id":"{ID}","type":"accept"}}"#),
            format!(r#"{{"type":"connected","call_id":"{ID}"}}"#),
            r#"{"type":"accept"}"#.to_owned(),
            r#"{"type":7}"#.to_owned(),
            "{}".to_owned(),
            "[]".to_owned(),
        ] {
            assert!(serde_json::from_str::<DataMessage>(&wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_damaged_message_never_panics(text in r#"\{"type":"(accept|bye|media|shown|react)"[,:{}"a-z_0-9]{0,60}"#) {
            prop_assert!(text.len() < FRAME_MAX_BYTES);
            let _ = serde_json::from_str::<DataMessage>(&text);
        }
    }
}

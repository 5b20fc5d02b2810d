//! Macros for the forms that repeat: ids, enums that are one word in JSON, and enums that are an object with
//! a tag.

/// Defines a newtype over a UUID, so that ids of different things cannot be mixed up.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }
    };
}

/// Defines a closed enum that is one word on the wire and in the database.
///
/// The words are matched as token trees, because a derive that reads `rename` from its tokens (utoipa's) does
/// not see through a `literal` fragment of a macro.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// All variants, in their order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::error::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(crate::error::UnknownWord) }
            }
        }
    };
}

/// Defines a closed enum that is an object with a tag, which must come first: `{"type": "pong"}`.
///
/// serde's own `tag` attribute accepts the tag in any place. To do so it buffers the object until it has
/// found the tag, and generates a second deserializer for every type inside; that code made up a fifth of the
/// page. Fields take no serde attributes here; only those of type `Option` may be absent.
macro_rules! tagged {
    (
        $(#[$doc:meta])*
        pub enum $name:ident by $key:tt {
            $(
                $(#[doc = $vdoc:literal])*
                #[serde(rename = $tag:tt)]
                $variant:ident { $($field:ident: $type:ty),* $(,)? }
            ),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(tag = $key)]
        pub enum $name {
            $(
                $(#[doc = $vdoc])*
                #[serde(rename = $tag)]
                $variant { $($field: $type),* }
            ),+
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Tagged;

                impl<'de> serde::de::Visitor<'de> for Tagged {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("an object that begins with `", $key, "`"))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        use serde::de::Error;
                        let key: Option<std::borrow::Cow<'de, str>> = map.next_key()?;
                        if key.as_deref() != Some($key) {
                            return Err(A::Error::missing_field($key));
                        }
                        let tag: std::borrow::Cow<'de, str> = map.next_value()?;
                        // The fields are read on from the same map, so nothing is buffered.
                        let rest = serde::de::value::MapAccessDeserializer::new(map);
                        match tag.as_ref() {
                            $($tag => {
                                #[derive(serde::Deserialize)]
                                struct Fields { $($field: $type),* }
                                let Fields { $($field),* } = serde::Deserialize::deserialize(rest)?;
                                Ok($name::$variant { $($field),* })
                            })+
                            _ => Err(A::Error::unknown_variant(&tag, &[$($tag),+])),
                        }
                    }
                }

                deserializer.deserialize_map(Tagged)
            }
        }
    };
}

pub(crate) use {id, tagged, words};

//! A fake camera film: a drawn person in a drawn room.

use std::{fs::File, io, io::Write, path::Path};

const WIDTH: u16 = 640;
const HEIGHT: u16 = 360;
/// The number of frames: two seconds, which the browser repeats.
const FRAMES: u16 = 8;

type Rgb = [f32; 3];

/// The colours of a person and their room.
struct Looks {
    wall: [Rgb; 2],
    light: Rgb,
    skin: Rgb,
    hair: Rgb,
    long_hair: bool,
    shirt: Rgb,
}

const LOOKS: [Looks; 4] = [
    Looks {
        wall: [rgb(0x00d9_c7b0), rgb(0x009c_8570)],
        light: rgb(0x00ff_f3d6),
        skin: rgb(0x00e0_ac86),
        hair: rgb(0x004a_2c1d),
        long_hair: true,
        shirt: rgb(0x001f_5f5b),
    },
    Looks {
        wall: [rgb(0x008f_b0b5), rgb(0x004c_6d74)],
        light: rgb(0x00ea_fcff),
        skin: rgb(0x008d_5a3c),
        hair: rgb(0x001d_1512),
        long_hair: false,
        shirt: rgb(0x00d9_8f3a),
    },
    Looks {
        wall: [rgb(0x00b9_b3cf), rgb(0x006c_6590)],
        light: rgb(0x00fd_f0ff),
        skin: rgb(0x00f0_c6a4),
        hair: rgb(0x00b0_562b),
        long_hair: true,
        shirt: rgb(0x0039_406b),
    },
    Looks {
        wall: [rgb(0x00a9_bf9c), rgb(0x005c_7551)],
        light: rgb(0x00fb_ffe6),
        skin: rgb(0x00c9_8f66),
        hair: rgb(0x008c_8c8c),
        long_hair: false,
        shirt: rgb(0x007a_2f3a),
    },
];

/// Writes the film of one of the people.
pub fn write(file: &Path, who: usize) -> io::Result<()> {
    let looks = &LOOKS[who % LOOKS.len()];
    let mut film = io::BufWriter::new(File::create(file)?);
    writeln!(film, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F4:1 Ip A1:1 C420jpeg")?;
    for frame in 0..FRAMES {
        let breath = (f32::from(frame) / f32::from(FRAMES) * std::f32::consts::TAU).sin();
        let pixel = |x: u16, y: u16| looks.at(f32::from(x), f32::from(y), breath);
        film.write_all(b"FRAME\n")?;
        let rows = |step| (0..HEIGHT).step_by(step);
        let columns = |step| (0..WIDTH).step_by(step);
        let mut planes = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3 / 2);
        planes.extend(rows(1).flat_map(|y| columns(1).map(move |x| (x, y))).map(|(x, y)| {
            let [r, g, b] = pixel(x, y);
            byte(0.299 * r + 0.587 * g + 0.114 * b)
        }));
        let colours: Vec<Rgb> =
            rows(2).flat_map(|y| columns(2).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect();
        planes.extend(colours.iter().map(|[r, g, b]| byte(128.0 - 0.169 * r - 0.331 * g + 0.5 * b)));
        planes.extend(colours.iter().map(|[r, g, b]| byte(128.0 + 0.5 * r - 0.419 * g - 0.081 * b)));
        film.write_all(&planes)?;
    }
    film.flush()
}

impl Looks {
    /// Returns the colour of a point, painted in layers from the wall to the smile.
    fn at(&self, x: f32, y: f32, breath: f32) -> Rgb {
        let up = breath * 1.5;
        let oval = |cx: f32, cy: f32, rx: f32, ry: f32| {
            let far = ((x - cx) / rx).hypot((y - cy) / ry);
            ((1.0 - far) * rx.min(ry) + 0.5).clamp(0.0, 1.0)
        };
        let frame = |left: f32, top: f32, right: f32, bottom: f32| {
            let inside = (x - left).min(right - x).min(y - top).min(bottom - y);
            (inside / 4.0 + 0.5).clamp(0.0, 1.0)
        };
        let head = 168.0 - up;
        let dark = self.hair.map(|part| part * 0.55);
        let mut paint = mix(self.wall[0], self.wall[1], y / f32::from(HEIGHT));
        let glow = (1.0 - (x - 110.0).hypot(y - 90.0) / 260.0).max(0.0);
        paint = mix(paint, self.light, glow * glow);
        paint = mix(paint, self.wall[1].map(|part| part * 0.8), frame(470.0, 50.0, 580.0, 140.0) * 0.7);
        paint = mix(paint, self.light, frame(478.0, 58.0, 572.0, 132.0) * 0.45);
        if self.long_hair {
            paint = mix(paint, dark, oval(320.0, head + 30.0, 84.0, 118.0));
        }
        paint = mix(paint, self.shirt, oval(320.0, 392.0 - up, 168.0, 132.0));
        paint = mix(paint, self.skin.map(|part| part * 0.82), oval(320.0, 262.0 - up, 34.0, 44.0));
        paint = mix(paint, self.hair, oval(320.0, head - 14.0, 74.0, 84.0));
        paint = mix(paint, self.skin, oval(320.0, head + 10.0, 62.0, 78.0));
        // The hair over the forehead.
        paint = mix(paint, self.hair, oval(311.0, head - 57.0, 56.0, 32.0));
        for side in [-1.0, 1.0] {
            paint = mix(paint, dark, oval(320.0 + side * 24.0, head - 14.0, 13.0, 3.0));
            paint = mix(paint, rgb(0x0022_1a18), oval(320.0 + side * 24.0, head + 2.0, 6.0, 7.0));
        }
        let smile = oval(320.0, head + 42.0, 22.0, 12.0) - oval(320.0, head + 36.0, 24.0, 12.0);
        mix(paint, rgb(0x008c_3b36), smile.max(0.0))
    }
}

fn mix(under: Rgb, over: Rgb, share: f32) -> Rgb {
    std::array::from_fn(|part| under[part] + (over[part] - under[part]) * share)
}

const fn rgb(hex: u32) -> Rgb {
    let [_, r, g, b] = hex.to_be_bytes();
    [r as f32, g as f32, b as f32]
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 255")]
fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

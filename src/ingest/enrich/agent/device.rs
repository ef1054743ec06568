//! The class of a device, by words in the user agent. Brands and models are not read: they tell people apart.

/// Class of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// A computer with a keyboard. Tablets that ask for desktop pages (iPads by default) say they are one.
    Desktop,
    /// A telephone.
    Mobile,
    /// A tablet.
    Tablet,
    /// A television or a box beside it.
    Tv,
    /// A games console.
    Console,
    /// A watch.
    Watch,
    /// A car.
    Car,
    /// Something else, or unknown.
    Other,
}

impl Device {
    /// The value that is counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "Desktop",
            Self::Mobile => "Mobile",
            Self::Tablet => "Tablet",
            Self::Tv => "TV",
            Self::Console => "Console",
            Self::Watch => "Watch",
            Self::Car => "Car",
            Self::Other => "Other",
        }
    }

    /// Corrected by the `Sec-CH-UA-Mobile` header (`?1` or `?0`), which knows of telephones what the text hides.
    pub fn hinted(self, sec_ch_ua_mobile: Option<&str>) -> Self {
        match (self, sec_ch_ua_mobile.map(str::trim)) {
            (Self::Desktop | Self::Tablet | Self::Other, Some("?1")) => Self::Mobile,
            _ => self,
        }
    }
}

/// Words, in the order in which they decide.
const WORDS: [(&str, Device); 36] = [
    ("PlayStation", Device::Console),
    ("PLAYSTATION", Device::Console),
    ("Xbox", Device::Console),
    ("Nintendo", Device::Console),
    ("CrKey", Device::Tv),
    ("Roku", Device::Tv),
    ("BRAVIA", Device::Tv),
    ("NetCast", Device::Tv),
    ("Web0S", Device::Tv),
    ("webOS.TV", Device::Tv),
    ("HbbTV", Device::Tv),
    ("SMART-TV", Device::Tv),
    ("SmartTV", Device::Tv),
    ("AppleTV", Device::Tv),
    ("Apple TV", Device::Tv),
    ("tvOS", Device::Tv),
    ("GoogleTV", Device::Tv),
    ("Google TV", Device::Tv),
    ("Android TV", Device::Tv),
    ("VIZIO", Device::Tv),
    (" AFT", Device::Tv),
    ("watchOS", Device::Watch),
    ("Watch OS", Device::Watch),
    ("Watch", Device::Watch),
    ("Tesla", Device::Car),
    ("QtCarBrowser", Device::Car),
    ("Automotive", Device::Car),
    ("iPad", Device::Tablet),
    ("Tablet", Device::Tablet),
    ("PlayBook", Device::Tablet),
    ("Kindle", Device::Tablet),
    ("iPhone", Device::Mobile),
    ("iPod", Device::Mobile),
    ("Mobi", Device::Mobile),
    ("Opera Mini", Device::Mobile),
    ("Dalvik", Device::Mobile),
];

/// The class a user agent has a word for; `Other` when it has none.
pub fn of(user_agent: &str) -> Device {
    if let Some((_, device)) = WORDS.iter().find(|(word, _)| user_agent.contains(word)) {
        return *device;
    }
    // Android's rule: telephones say `Mobile`, tablets do not.
    if user_agent.contains("Android") && user_agent.contains("AppleWebKit") { Device::Tablet } else { Device::Other }
}

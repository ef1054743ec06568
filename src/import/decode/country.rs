//! Names of countries as Google Analytics exports them, to the codes that are kept. Called by the decoders of its exports.
//!
//! The names are those of Unicode CLDR 48 for English ([the source](https://cldr.unicode.org/translation/displaynames/countryregion-territory-names)),
//! which Analytics shows; behind them stand those it showed in earlier years, and those of
//! [Google's list of places](https://developers.google.com/google-ads/api/data/geotargets).

use std::collections::HashMap;
use std::sync::LazyLock;

/// `CODE=name|other name;` of ISO 3166-1, and Kosovo's XK.
const NAMES: &str = "\
    AD=Andorra;AE=United Arab Emirates;AF=Afghanistan;AG=Antigua & Barbuda;AI=Anguilla;AL=Albania;AM=Armenia;\
    AO=Angola;AQ=Antarctica;AR=Argentina;AS=American Samoa;AT=Austria;AU=Australia;AW=Aruba;AX=Åland Islands;\
    AZ=Azerbaijan;BA=Bosnia & Herzegovina;BB=Barbados;BD=Bangladesh;BE=Belgium;BF=Burkina Faso;BG=Bulgaria;\
    BH=Bahrain;BI=Burundi;BJ=Benin;BL=St. Barthélemy;BM=Bermuda;BN=Brunei;BO=Bolivia;BQ=Caribbean Netherlands;\
    BR=Brazil;BS=Bahamas;BT=Bhutan;BV=Bouvet Island;BW=Botswana;BY=Belarus;BZ=Belize;CA=Canada;\
    CC=Cocos (Keeling) Islands|Cocos Islands;CD=Congo - Kinshasa|Congo (DRC)|Democratic Republic of the Congo;\
    CF=Central African Republic;CG=Congo - Brazzaville|Congo (Republic)|Republic of the Congo;CH=Switzerland;\
    CI=Côte d’Ivoire|Ivory Coast;CK=Cook Islands;CL=Chile;CM=Cameroon;CN=China;CO=Colombia;CR=Costa Rica;\
    CU=Cuba;CV=Cape Verde|Cabo Verde;CW=Curaçao;CX=Christmas Island;CY=Cyprus;CZ=Czechia|Czech Republic;\
    DE=Germany;DJ=Djibouti;DK=Denmark;DM=Dominica;DO=Dominican Republic;DZ=Algeria;EC=Ecuador;EE=Estonia;\
    EG=Egypt;EH=Western Sahara;ER=Eritrea;ES=Spain;ET=Ethiopia;FI=Finland;FJ=Fiji;\
    FK=Falkland Islands|Falkland Islands (Islas Malvinas);FM=Micronesia|Federated States of Micronesia;\
    FO=Faroe Islands;FR=France;GA=Gabon;GB=United Kingdom|UK;GD=Grenada;GE=Georgia;GF=French Guiana;GG=Guernsey;\
    GH=Ghana;GI=Gibraltar;GL=Greenland;GM=Gambia;GN=Guinea;GP=Guadeloupe;GQ=Equatorial Guinea;GR=Greece;\
    GS=South Georgia & South Sandwich Islands;GT=Guatemala;GU=Guam;\
    GW=Guinea-Bissau;GY=Guyana;HK=Hong Kong SAR China|Hong Kong;\
    HM=Heard & McDonald Islands|Heard Island and McDonald Islands;HN=Honduras;HR=Croatia;HT=Haiti;HU=Hungary;\
    ID=Indonesia;IE=Ireland;IL=Israel;IM=Isle of Man;IN=India;IO=British Indian Ocean Territory;IQ=Iraq;IR=Iran;\
    IS=Iceland;IT=Italy;JE=Jersey;JM=Jamaica;JO=Jordan;JP=Japan;KE=Kenya;KG=Kyrgyzstan;KH=Cambodia;KI=Kiribati;\
    KM=Comoros;KN=St. Kitts & Nevis;KP=North Korea;KR=South Korea;KW=Kuwait;KY=Cayman Islands;KZ=Kazakhstan;\
    LA=Laos|Lao PDR;LB=Lebanon;LC=St. Lucia;LI=Liechtenstein;LK=Sri Lanka;LR=Liberia;LS=Lesotho;LT=Lithuania;\
    LU=Luxembourg;LV=Latvia;LY=Libya;MA=Morocco;MC=Monaco;MD=Moldova;ME=Montenegro;MF=St. Martin;MG=Madagascar;\
    MH=Marshall Islands;MK=North Macedonia|Macedonia|Macedonia (FYROM);ML=Mali;MM=Myanmar (Burma)|Myanmar|Burma;\
    MN=Mongolia;MO=Macao SAR China|Macao|Macau;MP=Northern Mariana Islands;MQ=Martinique;MR=Mauritania;\
    MS=Montserrat;MT=Malta;MU=Mauritius;MV=Maldives;MW=Malawi;MX=Mexico;MY=Malaysia;MZ=Mozambique;NA=Namibia;\
    NC=New Caledonia;NE=Niger;NF=Norfolk Island;NG=Nigeria;NI=Nicaragua;NL=Netherlands;NO=Norway;NP=Nepal;\
    NR=Nauru;NU=Niue;NZ=New Zealand;OM=Oman;PA=Panama;PE=Peru;PF=French Polynesia;PG=Papua New Guinea;\
    PH=Philippines;PK=Pakistan;PL=Poland;PM=St. Pierre & Miquelon;PN=Pitcairn Islands|Pitcairn;PR=Puerto Rico;\
    PS=Palestinian Territories|Palestine;PT=Portugal;PW=Palau;PY=Paraguay;QA=Qatar;RE=Réunion;RO=Romania;\
    RS=Serbia;RU=Russia|Russian Federation;RW=Rwanda;SA=Saudi Arabia;SB=Solomon Islands;SC=Seychelles;SD=Sudan;\
    SE=Sweden;SG=Singapore;SH=St. Helena|Saint Helena, Ascension and Tristan da Cunha;SI=Slovenia;\
    SJ=Svalbard & Jan Mayen;SK=Slovakia;SL=Sierra Leone;SM=San Marino;SN=Senegal;SO=Somalia;SR=Suriname;\
    SS=South Sudan;ST=São Tomé & Príncipe;SV=El Salvador;SX=Sint Maarten;SY=Syria|Syrian Arab Republic;\
    SZ=Eswatini|Swaziland;TC=Turks & Caicos Islands;TD=Chad;\
    TF=French Southern Territories|French Southern and Antarctic Lands;TG=Togo;TH=Thailand;TJ=Tajikistan;\
    TK=Tokelau;TL=Timor-Leste|East Timor;TM=Turkmenistan;TN=Tunisia;TO=Tonga;TR=Türkiye|Turkey;\
    TT=Trinidad & Tobago;TV=Tuvalu;TW=Taiwan;TZ=Tanzania;UA=Ukraine;UG=Uganda;\
    UM=U.S. Outlying Islands|U.S. Minor Outlying Islands|United States Minor Outlying Islands;\
    US=United States|USA;UY=Uruguay;UZ=Uzbekistan;VA=Vatican City|Vatican;VC=St. Vincent & Grenadines;\
    VE=Venezuela;VG=British Virgin Islands;VI=U.S. Virgin Islands;VN=Vietnam|Viet Nam;VU=Vanuatu;\
    WF=Wallis & Futuna;WS=Samoa;XK=Kosovo;YE=Yemen;YT=Mayotte;ZA=South Africa;ZM=Zambia;ZW=Zimbabwe";

/// Codes by the words of names.
static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let countries = NAMES.split(';').filter_map(|country| country.split_once('='));
    countries.flat_map(|(code, names)| names.split('|').map(move |name| (words(name), code))).collect()
});

/// The code of a country's name, however it spells `&`, `St.` and accents; `None` for a name that is not known.
pub fn code(name: &str) -> Option<&'static str> {
    CODES.get(&words(name)).copied()
}

/// The words of a name: small letters without accents, `the` left out.
fn words(name: &str) -> String {
    let plain: String = name.chars().flat_map(char::to_lowercase).filter_map(plain).collect();
    let spelled = plain.replace('&', " and ");
    let words = spelled.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty() && *word != "the");
    words.map(|word| if word == "saint" { "st" } else { word }).collect::<Vec<_>>().join(" ")
}

/// A letter without its accent. The signs of `U.S.` and `d’Ivoire` are no space between words.
fn plain(letter: char) -> Option<char> {
    match letter {
        'ã' | 'å' | 'á' => Some('a'),
        'ç' => Some('c'),
        'é' => Some('e'),
        'í' => Some('i'),
        'ô' | 'ó' => Some('o'),
        'ü' => Some('u'),
        '.' | '\'' | '’' => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_spelling() {
        let names = [
            "Germany",
            "Türkiye",
            "Turkey",
            "Bosnia & Herzegovina",
            "Bosnia and Herzegovina",
            "St. Kitts & Nevis",
            "Saint Kitts and Nevis",
            "Saint Vincent and the Grenadines",
            "The Bahamas",
            "Côte d’Ivoire",
            "Cote d'Ivoire",
            "Myanmar (Burma)",
            "Congo - Kinshasa",
            "Hong Kong",
            "Macao",
            "U.S. Virgin Islands",
            "Réunion",
            "Curacao",
            "united states",
        ];
        let wanted = [
            "DE", "TR", "TR", "BA", "BA", "KN", "KN", "VC", "BS", "CI", "CI", "MM", "CD", "HK", "MO", "VI", "RE", "CW",
            "US",
        ];
        assert_eq!(names.map(code), wanted.map(Some));
        assert_eq!(["", "(not set)", "Atlantis", "DE"].map(code), [None; 4]);
    }

    #[test]
    fn every_country_has_a_name_of_its_own() {
        let countries: Vec<(&str, &str)> = NAMES.split(';').filter_map(|country| country.split_once('=')).collect();
        let names: usize = countries.iter().map(|(_, names)| names.split('|').count()).sum();
        assert_eq!((countries.len(), CODES.len()), (250, names));
        assert!(
            countries.iter().all(|(code, _)| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        );
    }
}

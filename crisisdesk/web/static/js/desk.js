// The desk's behaviour. Every module stands alone and works on data-attributes; pages work without any of them.
import "./announce.js";
import "./bidi.js";
import "./clocks.js";
import "./copy.js";
import "./count.js";
import "./dialog.js";
import "./disclose.js";
import "./files.js";
import "./keyboard.js";
import "./led.js";
import "./live.js";
import "./menu.js";
import "./theme.js";
import "./unsaved.js";

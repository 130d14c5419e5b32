/** Draws posed hands with WebGL 2: soft light in two tones, an ink outline, marks that lie on the skin. */

import { BONES } from "./rig.js";
import { modelNow, STRIDE } from "./model.js";

export const MARKS = 6;
const WISHES = { antialias: true, failIfMajorPerformanceCaveat: true };
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

const SKIN = `
  uniform mat4 view, model, bones[${BONES.length}];
  layout(location = 0) in vec3 place;
  layout(location = 1) in vec3 normal;
  layout(location = 2) in vec4 bone;
  layout(location = 3) in vec4 share;
  layout(location = 4) in vec2 kind;
  mat4 carried() {
    return share.x * bones[int(bone.x)] + share.y * bones[int(bone.y)] + share.z * bones[int(bone.z)] + share.w * bones[int(bone.w)];
  }
`;

const BODY = `#version 300 es
  ${SKIN}
  out vec3 turned, rest, there;
  out vec2 about;
  void main() {
    mat4 whole = model * carried();
    vec4 at = whole * vec4(place, 1);
    turned = mat3(whole) * normal;
    rest = place;
    there = at.xyz;
    about = vec2(kind.x, kind.y / 255.);
    gl_Position = view * at;
  }`;

const PAINT = `#version 300 es
  precision highp float;
  uniform vec3 light, base, shade, rose, nail, line, cloth, accent, mark;
  uniform float poster;
  uniform vec4 marks[${MARKS}];
  uniform float glow[${MARKS}];
  uniform mat4 sun;
  uniform highp sampler2D shadows;
  in vec3 turned, rest, there;
  in vec2 about;
  out vec4 colour;
  float lit() {
    vec3 at = (sun * vec4(there, 1)).xyz * .5 + .5;
    if (at.x < 0. || at.y < 0. || at.x > 1. || at.y > 1.) return 1.;
    float sum = 0.;
    vec2 texel = 1. / vec2(textureSize(shadows, 0));
    for (int i = -1; i <= 1; i++) for (int j = -1; j <= 1; j++) sum += step(at.z - .006, texture(shadows, at.xy + vec2(i, j) * texel * 1.4).r);
    return sum / 9.;
  }
  void main() {
    vec3 n = normalize(turned);
    float soft = smoothstep(-.35, .75, dot(n, light)) * mix(.45, 1., lit());
    if (poster > .5) soft = step(.38, soft);
    int what = int(about.x + .5);
    if (what > 2) {
      colour = vec4(mix(cloth, vec3(1), what == 4 ? .24 : 0.) * mix(.62, 1.02, soft), 1);
      return;
    }
    vec3 tone = mix(base, rose, about.y * .55 * (1. - poster));
    if (what == 1) tone = nail;
    vec3 dark = tone * shade;
    vec3 seen = mix(dark, tone, soft);
    seen += .06 * smoothstep(.75, 1., soft) * (1. - poster);
    if (what == 2) seen = mix(seen, line, mix(.62, 1., poster));
    for (int i = 0; i < ${MARKS}; i++) {
      if (marks[i].w <= 0.) continue;
      float far = distance(rest, marks[i].xyz) / marks[i].w;
      float edge = fwidth(far);
      float disc = 1. - smoothstep(1. - edge, 1. + edge, far);
      float ring = disc * smoothstep(.86 - edge, .86 + edge, far);
      disc = mix(disc, step(.5, disc), poster);
      ring = mix(ring, step(.5, ring), poster);
      seen = mix(seen, mark, disc * .55 * glow[i]);
      seen = mix(seen, accent, ring * (.3 + .65 * glow[i]));
    }
    colour = vec4(seen, 1);
  }`;

const INK_BODY = `#version 300 es
  ${SKIN}
  uniform vec2 thick;
  void main() {
    mat4 whole = model * carried();
    vec4 at = view * whole * vec4(place, 1);
    vec3 out_ = normalize(mat3(view) * mat3(whole) * normal);
    at.xy += normalize(out_.xy + 1e-5) * thick * at.w;
    at.z += .02;
    gl_Position = at;
  }`;
const INK = `#version 300 es
  precision mediump float;
  uniform vec3 line;
  out vec4 colour;
  void main() { colour = vec4(line, 1); }`;

const FLAT = `#version 300 es
  layout(location = 0) in vec2 place;
  void main() { gl_Position = vec4(place, 0, 1); }`;
const FILL = `#version 300 es
  precision mediump float;
  uniform vec4 ink;
  out vec4 colour;
  void main() { colour = vec4(ink.rgb * ink.a, ink.a); }`;

const DEPTH_BODY = `#version 300 es
  ${SKIN}
  void main() { gl_Position = view * model * carried() * vec4(place, 1); }`;
const NOTHING = `#version 300 es
  precision mediump float;
  void main() {}`;

/** Whether `canvas` can be drawn on by WebGL 2, and by a graphics card: without one the picture would stutter. */
export function hasCard(canvas) {
  const gl = canvas.getContext("webgl2", WISHES);
  if (!gl) return false;
  const told = gl.getParameter(gl.RENDERER);
  const more = told === "WebKit WebGL" && gl.getExtension("WEBGL_debug_renderer_info");
  return !SOFTWARE.test(more ? gl.getParameter(more.UNMASKED_RENDERER_WEBGL) : told);
}

function programOf(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    const logs = gl.getAttachedShaders(program).map((one) => gl.getShaderInfoLog(one));
    throw new Error([gl.getProgramInfoLog(program), ...logs].join("\n"));
  }
  const places = {};
  for (let at = 0; at < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); at++) {
    const { name } = gl.getActiveUniform(program, at);
    places[name.replace("[0]", "")] = gl.getUniformLocation(program, name);
  }
  return { program, places };
}

const SHADOW_SIZE = 768;

export class Renderer {
  #gl;
  #count;
  #skin;
  #bare;

  /** Throws an `Error` where WebGL 2 is missing. */
  constructor(canvas, wishes = WISHES) {
    const gl = canvas.getContext("webgl2", wishes);
    if (!gl) throw new Error("no WebGL 2");
    this.#gl = gl;
    this.body = programOf(gl, BODY, PAINT);
    this.ink = programOf(gl, INK_BODY, INK);
    this.flat = programOf(gl, FLAT, FILL);
    this.depth = programOf(gl, DEPTH_BODY, NOTHING);
    this.#load(modelNow());
    this.#makeShadow();
    gl.enable(gl.DEPTH_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  #load({ vertices, indices, skin, bare }) {
    const gl = this.#gl;
    this.hand = gl.createVertexArray();
    gl.bindVertexArray(this.hand);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, vertices, gl.STATIC_DRAW);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
    const layout = [[3, gl.FLOAT, false, 0], [3, gl.FLOAT, false, 12], [4, gl.UNSIGNED_BYTE, false, 24], [4, gl.UNSIGNED_BYTE, true, 28], [2, gl.UNSIGNED_BYTE, false, 32]];
    layout.forEach(([size, type, unit, offset], at) => {
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, type, unit, STRIDE, offset);
    });
    this.#count = indices.length;
    this.#skin = skin;
    this.#bare = bare;
    this.strokes = gl.createVertexArray();
    gl.bindVertexArray(this.strokes);
    this.points = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.points);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  }

  #makeShadow() {
    const gl = this.#gl;
    this.shadow = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.shadow);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.DEPTH_COMPONENT24, SHADOW_SIZE, SHADOW_SIZE);
    for (const name of ["TEXTURE_MIN_FILTER", "TEXTURE_MAG_FILTER"]) gl.texParameteri(gl.TEXTURE_2D, gl[name], gl.NEAREST);
    this.frame = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, this.shadow, 0);
  }

  #set({ places }, values) {
    const gl = this.#gl;
    for (const [name, value] of Object.entries(values)) {
      const place = places[name];
      if (!place) continue;
      if (typeof value === "number") gl.uniform1f(place, value);
      else if (name === "bones" || value.length === 16) gl.uniformMatrix4fv(place, false, value);
      else if (name === "glow") gl.uniform1fv(place, value);
      else if (value.length === 2) gl.uniform2fv(place, value);
      else if (value.length === 3) gl.uniform3fv(place, value);
      else gl.uniform4fv(place, value);
    }
  }

  #draw(pass, hands, shared, solid = false) {
    const gl = this.#gl;
    gl.useProgram(pass.program);
    gl.bindVertexArray(this.hand);
    this.#set(pass, shared);
    for (const hand of hands) {
      this.#set(pass, hand);
      gl.frontFace(Boolean(hand.mirror) !== Boolean(shared.mirror) ? gl.CW : gl.CCW);
      gl.drawElements(gl.TRIANGLES, solid ? this.#skin : this.#bare, gl.UNSIGNED_SHORT, 0);
      if (hand.cuff) gl.drawElements(gl.TRIANGLES, this.#count - this.#bare, gl.UNSIGNED_SHORT, 2 * this.#bare);
    }
  }

  /** Draws `hands` (model, bones, cuff, marks, glow, mirror), then `strokes` over them.
   *
   * `look` has the view, the sun's view, the light, the colours and the thickness of the outline.
   */
  draw(hands, strokes, look) {
    const gl = this.#gl;
    const { width, height } = gl.canvas;
    gl.enable(gl.CULL_FACE);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.viewport(0, 0, SHADOW_SIZE, SHADOW_SIZE);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    gl.cullFace(gl.BACK);
    this.#draw(this.depth, hands, { view: look.sun }, true);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#draw(this.body, hands, look);
    gl.cullFace(gl.FRONT);
    this.#draw(this.ink, hands, look, true);
    gl.disable(gl.CULL_FACE);
    this.#drawStrokes(strokes);
  }

  #drawStrokes(strokes) {
    const gl = this.#gl;
    gl.disable(gl.DEPTH_TEST);
    gl.useProgram(this.flat.program);
    gl.bindVertexArray(this.strokes);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.points);
    for (const { points, ink } of strokes) {
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(points), gl.DYNAMIC_DRAW);
      gl.uniform4fv(this.flat.places.ink, ink);
      gl.drawArrays(gl.TRIANGLES, 0, points.length / 2);
    }
    gl.enable(gl.DEPTH_TEST);
  }

  destroy() {
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

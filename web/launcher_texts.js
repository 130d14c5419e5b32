/** The words of the button in the corner, apart from those in texts.js, which are loaded later. */

export const launcherTexts = {
  name: "Palmwise",
  open: "Open the hand massage coach",
  openNamed: (title) => `Open ${title}`,
  unreachable: "The coach cannot be reached. Try again",
};

/** Where the features and their steps are, from the repository's root, as cucumber takes it. */
export const FEATURES = ['features/**/*.feature'];
export const STEPS = ['steps/**/*.ts'];

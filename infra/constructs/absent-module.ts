/** Stands in a bundle for a package that is imported there and never used: touching what it exports is a fault at once. */
export default {};

// The PrimitivesTests target.
